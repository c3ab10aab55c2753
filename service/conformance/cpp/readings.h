// Readings: what the client made of an answer.
#ifndef CBCERR_CONFORMANCE_READINGS_H_
#define CBCERR_CONFORMANCE_READINGS_H_

#include <optional>

#include "cbc/error/v1/translation.pb.h"
#include "cbcerr/cbcerr.h"
#include "cbcerr/conformance/v1/conformance.pb.h"

namespace cbcerr::conformance::v1 {

Reading Read(const google::rpc::Status& status,
             const std::optional<CbcError>& error);
Reading Read(const google::rpc::Status& status);
Reading Read(const cbc::error::v1::Translation& translation);
Reading Read(const cbc::error::v1::TranslateResult& result);

// The reading of an error of the service itself.
Reading Refused(const google::rpc::Status& status);

// Tells whether a status is an error of the service itself.
bool IsRefusal(const google::rpc::Status& status);

// Adds what the client's own catalogue says of a code, where it knows it.
void SetMeaning(int number, Reading* reading);

}  // namespace cbcerr::conformance::v1

#endif  // CBCERR_CONFORMANCE_READINGS_H_
