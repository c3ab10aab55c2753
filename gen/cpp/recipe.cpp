// Calls a URL of the CBC, shows its error, and retries the call if that is
// safe: recipe SERVER URL
#include <curl/curl.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "cbc/error/v1/translation_service.grpc.pb.h"
#include "cbcerr/cbcerr.h"

namespace {

using namespace std::chrono_literals;
using cbc::error::v1::RawResponse;

// The headers that cbcerrd reads. It refuses a response with more than 64.
constexpr const char* kHeaders[] = {
    "Content-Encoding", "Content-Length", "Content-Type", "Date",
    "HW-AJAX-REDIRECT", "Retry-After",    "X-Request-Id"};

// Appends a part of the body to a string.
std::size_t Append(char* data, std::size_t, std::size_t size, void* body) {
  static_cast<std::string*>(body)->append(data, size);
  return size;
}

RawResponse Get(const char* url) {
  RawResponse response;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(
      curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, response.mutable_raw());
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  response.set_http_status(static_cast<int>(status));
  for (const char* name : kHeaders) {
    curl_header* header = nullptr;
    if (curl_easy_header(curl.get(), name, 0, CURLH_HEADER, -1, &header) ==
        CURLHE_OK) {
      (*response.mutable_headers())[name] = header->value;
    }
  }
  return response;
}

using Stub = cbc::error::v1::TranslationService::Stub;

// Returns the error of a response; empty if the call succeeded. Without a
// translation, only the HTTP status tells.
std::optional<cbcerr::CbcError> ErrorOf(Stub* stub,
                                        const RawResponse& response) {
  cbc::error::v1::TranslateRequest request;
  *request.mutable_response() = response;
  request.add_locales("zh-CN");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 1s);
  cbc::error::v1::TranslateResponse answer;
  const grpc::Status called = stub->Translate(&context, request, &answer);
  if (called.ok()) return cbcerr::FromStatus(answer.translation().status());
  std::cerr << "The response is not checked: " << called.error_message()
            << '\n';
  if (response.http_status() < 400) return std::nullopt;
  throw std::runtime_error("HTTP status " +
                           std::to_string(response.http_status()));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::invalid_argument("recipe SERVER URL");
  const auto stub = cbc::error::v1::TranslationService::NewStub(
      grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials()));
  for (int attempt = 1;; ++attempt) {
    const RawResponse response = Get(argv[2]);
    const auto error = ErrorOf(stub.get(), response);
    if (!error) {
      std::cout << response.raw() << '\n';
      return 0;
    }
    std::cout << error->message << ' ' << error->advice << std::endl;
    // A GET is idempotent. Pass false for a call that changes something.
    const auto wait = error->retry_delay.value_or(1s);
    if (attempt == 3 || !error->ShouldRetry(true) || wait > 1min) {
      throw std::runtime_error(error->reason + ' ' + error->code);
    }
    std::this_thread::sleep_for(wait);
  }
} catch (const std::exception& failure) {
  std::cerr << failure.what() << '\n';
  return 1;
}
