// The doors of REST.
#include <curl/curl.h>
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "doors.h"
#include "readings.h"

namespace cbcerr::conformance::v1 {
namespace {

namespace api = cbc::error::v1;
using google::protobuf::Message;

struct Answer {
  long code = 0;
  std::string body;
};

std::size_t Append(char* bytes, std::size_t size, std::size_t count,
                   void* body) {
  static_cast<std::string*>(body)->append(bytes, size * count);
  return size * count;
}

Answer Post(const std::string& url, const std::string& body) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> owner(
      curl_easy_init(), curl_easy_cleanup);
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"),
      curl_slist_free_all);
  CURL* const curl = owner.get();
  Answer answer;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  const CURLcode result = curl_easy_perform(curl);
  if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.code);
  return answer;
}

std::string ToJson(const Message& message) {
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json);
  if (!status.ok()) throw std::runtime_error(status.ToString());
  return json;
}

// Reads JSON into a message and writes it again.
std::string RoundTrip(const std::string& json, Message* message) {
  if (!ParseJson(json, message)) {
    throw std::runtime_error("not the JSON that was asked for: " + json);
  }
  return ToJson(*message);
}

Reading ReadStatus(const Answer& answer) {
  google::rpc::Status status;
  const std::string json = RoundTrip(answer.body, &status);
  if (IsRefusal(status)) return Refused(status);
  if (answer.code != 200 && status.details().empty()) {
    throw std::runtime_error(json);
  }
  Reading reading = Read(status);
  reading.set_json(json);
  return reading;
}

Reading ReadTranslation(const Answer& answer) {
  if (answer.code != 200) return ReadStatus(answer);
  api::Translation translation;
  const std::string json = RoundTrip(answer.body, &translation);
  Reading reading = Read(translation);
  reading.set_json(json);
  return reading;
}

}  // namespace

void TranslateOverRest(const Task& task, Report* report) {
  const std::string url = task.rest_url() + "/v1/responses:translate";
  for (const auto& request : task.requests()) {
    *report->add_readings() = ReadTranslation(Post(url, ToJson(request)));
  }
}

void RaiseOverRest(const Task& task, Report* report) {
  const std::string url = task.rest_url() + "/v1/responses:raise";
  for (const auto& request : task.requests()) {
    api::RaiseRequest raise;
    *raise.mutable_response() = request.response();
    *raise.mutable_locales() = request.locales();
    *report->add_readings() = ReadStatus(Post(url, ToJson(raise)));
  }
}

}  // namespace cbcerr::conformance::v1
