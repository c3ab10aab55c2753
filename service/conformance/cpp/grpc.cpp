// The doors of gRPC.
#include <grpcpp/grpcpp.h>

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

#include "cbc/error/v1/catalog_service.grpc.pb.h"
#include "cbc/error/v1/translation_service.grpc.pb.h"
#include "doors.h"
#include "readings.h"

namespace cbcerr::conformance::v1 {
namespace {

namespace api = cbc::error::v1;
using google::rpc::Status;

// Makes a failed call the task's failure.
void Demand(const grpc::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.error_message());
}

// The status that a failed call came with; without details, the failure is the
// task's.
Status StatusOf(const grpc::Status& error) {
  Status status;
  Demand(grpc::ExtractErrorDetails(error, &status));
  if (status.details().empty()) Demand(error);
  return status;
}

Reading RefusalOf(const grpc::Status& error) {
  const Status status = StatusOf(error);
  if (!IsRefusal(status)) Demand(error);
  return Refused(status);
}

// The reading of an error of Raise, through the client's own way from one.
Reading RaisedBy(const grpc::Status& error) {
  if (error.ok()) return Read(Status());
  const Status status = StatusOf(error);
  return IsRefusal(status) ? Refused(status) : Read(status, FromError(error));
}

template <typename Service>
std::unique_ptr<typename Service::Stub> Connect(const Task& task) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(16 << 20);
  return Service::NewStub(grpc::CreateCustomChannel(
      task.grpc_target(), grpc::InsecureChannelCredentials(), arguments));
}

using Calls = grpc::ClientReaderWriter<api::StreamTranslateRequest,
                                       api::StreamTranslateResponse>;

void WriteAll(const Task& task, Calls* calls) {
  for (int i = 0; i < task.requests_size(); ++i) {
    api::StreamTranslateRequest request;
    request.set_id(std::to_string(i));
    *request.mutable_request() = task.requests(i);
    if (!calls->Write(request)) return;
  }
  calls->WritesDone();
}

// Tells whether the answers came in the order of the requests.
bool ReadAll(Calls* calls, Report* report) {
  bool ordered = true;
  api::StreamTranslateResponse answer;
  while (calls->Read(&answer)) {
    ordered &= answer.id() == std::to_string(report->readings_size());
    *report->add_readings() = Read(answer.result());
  }
  return ordered;
}

api::RaiseRequest RaiseOf(const api::TranslateRequest& request) {
  api::RaiseRequest raise;
  *raise.mutable_response() = request.response();
  *raise.mutable_locales() = request.locales();
  return raise;
}

}  // namespace

void Translate(const Task& task, Report* report) {
  const auto stub = Connect<api::TranslationService>(task);
  for (const auto& request : task.requests()) {
    grpc::ClientContext context;
    api::TranslateResponse answer;
    const auto status = stub->Translate(&context, request, &answer);
    *report->add_readings() =
        status.ok() ? Read(answer.translation()) : RefusalOf(status);
  }
}

void Batch(const Task& task, Report* report) {
  api::BatchTranslateRequest request;
  *request.mutable_requests() = task.requests();
  grpc::ClientContext context;
  api::BatchTranslateResponse answer;
  Demand(Connect<api::TranslationService>(task)->BatchTranslate(
      &context, request, &answer));
  for (const auto& result : answer.results()) {
    *report->add_readings() = Read(result);
  }
}

void Stream(const Task& task, Report* report) {
  const auto stub = Connect<api::TranslationService>(task);
  grpc::ClientContext context;
  const auto calls = stub->StreamTranslate(&context);
  auto writing =
      std::async(std::launch::async, WriteAll, std::cref(task), calls.get());
  const bool ordered = ReadAll(calls.get(), report);
  writing.get();
  Demand(calls->Finish());
  if (!ordered) throw std::runtime_error("the ids are not in order");
}

void Raise(const Task& task, Report* report) {
  const auto stub = Connect<api::TranslationService>(task);
  for (const auto& request : task.requests()) {
    grpc::ClientContext context;
    api::RaiseResponse answer;
    *report->add_readings() =
        RaisedBy(stub->Raise(&context, RaiseOf(request), &answer));
  }
}

void Catalog(const Task& task, Report* report) {
  const auto stub = Connect<api::CatalogService>(task);
  api::ListErrorCodesRequest request;
  do {
    grpc::ClientContext context;
    api::ListErrorCodesResponse page;
    Demand(stub->ListErrorCodes(&context, request, &page));
    for (const auto& entry : page.entries()) {
      Reading& reading = *report->add_readings();
      *reading.mutable_entry() = entry;
      SetMeaning(entry.number(), &reading);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
}

}  // namespace cbcerr::conformance::v1
