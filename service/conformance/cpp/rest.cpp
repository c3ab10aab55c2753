// The entry points of REST.
#include <curl/curl.h>
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "entry_points.h"
#include "observations.h"

namespace cbcerr::conformance::v1 {
namespace {

namespace api = cbc::error::v1;
using google::protobuf::Message;

struct HttpResponse {
  long code = 0;
  std::string body;
};

std::size_t Append(char* bytes, std::size_t size, std::size_t count,
                   void* body) {
  static_cast<std::string*>(body)->append(bytes, size * count);
  return size * count;
}

HttpResponse Post(const std::string& url, const std::string& body) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> owner(
      curl_easy_init(), curl_easy_cleanup);
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"),
      curl_slist_free_all);
  CURL* const curl = owner.get();
  HttpResponse response;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response.body);
  const CURLcode result = curl_easy_perform(curl);
  if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response.code);
  return response;
}

std::string ToJson(const Message& message) {
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json);
  if (!status.ok()) throw std::runtime_error(status.ToString());
  return json;
}

// Parses JSON into a message and returns the message as JSON.
std::string RoundTrip(const std::string& json, Message* message) {
  if (!ParseJson(json, message)) {
    throw std::runtime_error("unexpected JSON: " + json);
  }
  return ToJson(*message);
}

Observation ReadStatus(const HttpResponse& response) {
  google::rpc::Status status;
  const std::string json = RoundTrip(response.body, &status);
  if (IsRejection(status)) return Rejected(status);
  if (response.code != 200 && status.details().empty()) {
    throw std::runtime_error(json);
  }
  Observation observation = Read(status);
  observation.set_json(json);
  return observation;
}

Observation ReadTranslation(const HttpResponse& response) {
  if (response.code != 200) return ReadStatus(response);
  api::Translation translation;
  const std::string json = RoundTrip(response.body, &translation);
  Observation observation = Read(translation);
  observation.set_json(json);
  return observation;
}

}  // namespace

void TranslateOverRest(const Request& req, Response* resp) {
  const std::string url = req.rest_url() + "/v1/responses:translate";
  for (const auto& request : req.requests()) {
    *resp->add_observations() = ReadTranslation(Post(url, ToJson(request)));
  }
}

void RaiseOverRest(const Request& req, Response* resp) {
  const std::string url = req.rest_url() + "/v1/responses:raise";
  for (const auto& request : req.requests()) {
    api::RaiseRequest raise;
    *raise.mutable_response() = request.response();
    *raise.mutable_locales() = request.locales();
    *resp->add_observations() = ReadStatus(Post(url, ToJson(raise)));
  }
}

}  // namespace cbcerr::conformance::v1
