/// @file
/// Parses the JSON of cbcerr's REST API. cbcerr/cbcerr.h includes this file.
#ifndef CBCERR_JSON_H_
#define CBCERR_JSON_H_

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <string>

#include "cbc/error/v1/cbc_error.pb.h"
#include "google/protobuf/struct.pb.h"

namespace cbcerr {
namespace internal {

/// Removes unknown enum names from the JSON of one CbcError.
inline void RemoveUnknownEnumNames(google::protobuf::Struct* detail) {
  const auto* type = cbc::error::v1::CbcError::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* names = type->field(i)->enum_type();
    if (names == nullptr) continue;
    const std::string key(type->field(i)->json_name());
    const auto found = detail->fields().find(key);
    if (found != detail->fields().end() && found->second.has_string_value() &&
        names->FindValueByName(found->second.string_value()) == nullptr) {
      detail->mutable_fields()->erase(key);
    }
  }
}

/// Removes unknown enum names from every CbcError within an object.
inline void RemoveAllUnknownEnumNames(google::protobuf::Struct* object) {
  const auto type = object->fields().find("@type");
  if (type != object->fields().end() &&
      type->second.string_value() ==
          "type.googleapis.com/cbc.error.v1.CbcError") {
    RemoveUnknownEnumNames(object);
  }
  for (auto& [key, value] : *object->mutable_fields()) {
    if (value.has_struct_value()) {
      RemoveAllUnknownEnumNames(value.mutable_struct_value());
    }
    if (!value.has_list_value()) continue;
    for (auto& element : *value.mutable_list_value()->mutable_values()) {
      if (element.has_struct_value()) {
        RemoveAllUnknownEnumNames(element.mutable_struct_value());
      }
    }
  }
}

/// Returns JSON without unknown enum names in its details.
inline std::string WithoutUnknownEnumNames(const std::string& json) {
  google::protobuf::Struct object;
  std::string result;
  if (!google::protobuf::util::JsonStringToMessage(json, &object).ok()) {
    return json;
  }
  RemoveAllUnknownEnumNames(&object);
  const auto status =
      google::protobuf::util::MessageToJsonString(object, &result);
  return status.ok() ? result : json;
}

}  // namespace internal

/// Parses JSON of the REST API: a Translation, or the google.rpc.Status of a
/// failed call. It ignores fields and enum names that are newer than this
/// package; protobuf 3.21 alone rejects such enum names within details.
/// @return whether the JSON is valid; if not, the message is unspecified
[[nodiscard]] inline bool ParseJson(const std::string& json,
                                    google::protobuf::Message* message) {
  using google::protobuf::util::JsonStringToMessage;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (JsonStringToMessage(json, message, options).ok()) return true;
  message->Clear();
  return JsonStringToMessage(internal::WithoutUnknownEnumNames(json), message,
                             options)
      .ok();
}

}  // namespace cbcerr

#endif  // CBCERR_JSON_H_
