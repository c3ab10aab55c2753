// Doors: the ways from a response to what the client makes of it. Each adds a
// reading for each answer, and throws where the task cannot be done.
#ifndef CBCERR_CONFORMANCE_DOORS_H_
#define CBCERR_CONFORMANCE_DOORS_H_

#include "cbcerr/conformance/v1/conformance.pb.h"

namespace cbcerr::conformance::v1 {

void Translate(const Task& task, Report* report);
void Batch(const Task& task, Report* report);
void Stream(const Task& task, Report* report);
void Raise(const Task& task, Report* report);
void Catalog(const Task& task, Report* report);
void TranslateOverRest(const Task& task, Report* report);
void RaiseOverRest(const Task& task, Report* report);

}  // namespace cbcerr::conformance::v1

#endif  // CBCERR_CONFORMANCE_DOORS_H_
