// Entry points. Each sends all requests and adds one observation for each
// response. They throw if the request cannot be completed.
#ifndef CBCERR_CONFORMANCE_ENTRY_POINTS_H_
#define CBCERR_CONFORMANCE_ENTRY_POINTS_H_

#include "cbcerr/conformance/v1/conformance.pb.h"

namespace cbcerr::conformance::v1 {

void Translate(const Request& req, Response* resp);
void Batch(const Request& req, Response* resp);
void Stream(const Request& req, Response* resp);
void Raise(const Request& req, Response* resp);
void Catalog(const Request& req, Response* resp);
void TranslateOverRest(const Request& req, Response* resp);
void RaiseOverRest(const Request& req, Response* resp);

}  // namespace cbcerr::conformance::v1

#endif  // CBCERR_CONFORMANCE_ENTRY_POINTS_H_
