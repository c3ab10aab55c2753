// Observations: the client's view of responses.
#ifndef CBCERR_CONFORMANCE_OBSERVATIONS_H_
#define CBCERR_CONFORMANCE_OBSERVATIONS_H_

#include <optional>

#include "cbc/error/v1/translation.pb.h"
#include "cbcerr/cbcerr.h"
#include "cbcerr/conformance/v1/conformance.pb.h"

namespace cbcerr::conformance::v1 {

Observation Read(const google::rpc::Status& status,
                 const std::optional<CbcError>& error);
Observation Read(const google::rpc::Status& status);
Observation Read(const cbc::error::v1::Translation& translation);
Observation Read(const cbc::error::v1::TranslateResult& result);

// Returns the observation of an error of the service itself.
Observation Rejected(const google::rpc::Status& status);

// Reports whether a status is an error of the service itself.
bool IsRejection(const google::rpc::Status& status);

// Sets the meaning of a code if the client knows it.
void SetMeaning(int number, Observation* observation);

}  // namespace cbcerr::conformance::v1

#endif  // CBCERR_CONFORMANCE_OBSERVATIONS_H_
