// The entry points of gRPC.
#include <grpcpp/grpcpp.h>

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

#include "cbc/error/v1/catalog_service.grpc.pb.h"
#include "cbc/error/v1/translation_service.grpc.pb.h"
#include "entry_points.h"
#include "observations.h"

namespace cbcerr::conformance::v1 {
namespace {

namespace api = cbc::error::v1;
using google::rpc::Status;

// Throws the error of a failed call.
void ThrowIfError(const grpc::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.error_message());
}

// Returns the status of a failed call. Throws if it has no details.
Status StatusOf(const grpc::Status& error) {
  Status status;
  ThrowIfError(grpc::ExtractErrorDetails(error, &status));
  if (status.details().empty()) ThrowIfError(error);
  return status;
}

Observation RejectionOf(const grpc::Status& error) {
  const Status status = StatusOf(error);
  if (!IsRejection(status)) ThrowIfError(error);
  return Rejected(status);
}

// Returns the observation of a call of Raise, read with FromError.
Observation RaisedBy(const grpc::Status& error) {
  if (error.ok()) return Read(Status());
  const Status status = StatusOf(error);
  return IsRejection(status) ? Rejected(status)
                             : Read(status, FromError(error));
}

template <typename Service>
std::unique_ptr<typename Service::Stub> Connect(const Request& req) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(16 << 20);
  return Service::NewStub(grpc::CreateCustomChannel(
      req.grpc_target(), grpc::InsecureChannelCredentials(), arguments));
}

using Calls = grpc::ClientReaderWriter<api::StreamTranslateRequest,
                                       api::StreamTranslateResponse>;

void WriteAll(const Request& req, Calls* calls) {
  for (int i = 0; i < req.requests_size(); ++i) {
    api::StreamTranslateRequest request;
    request.set_id(std::to_string(i));
    *request.mutable_request() = req.requests(i);
    if (!calls->Write(request)) return;
  }
  calls->WritesDone();
}

// Reports whether the responses are in the order of the requests.
bool ReadAll(Calls* calls, Response* resp) {
  bool ordered = true;
  api::StreamTranslateResponse response;
  while (calls->Read(&response)) {
    ordered &= response.id() == std::to_string(resp->observations_size());
    *resp->add_observations() = Read(response.result());
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

void Translate(const Request& req, Response* resp) {
  const auto stub = Connect<api::TranslationService>(req);
  for (const auto& request : req.requests()) {
    grpc::ClientContext context;
    api::TranslateResponse response;
    const auto status = stub->Translate(&context, request, &response);
    *resp->add_observations() =
        status.ok() ? Read(response.translation()) : RejectionOf(status);
  }
}

void Batch(const Request& req, Response* resp) {
  api::BatchTranslateRequest request;
  *request.mutable_requests() = req.requests();
  grpc::ClientContext context;
  api::BatchTranslateResponse response;
  ThrowIfError(Connect<api::TranslationService>(req)->BatchTranslate(
      &context, request, &response));
  for (const auto& result : response.results()) {
    *resp->add_observations() = Read(result);
  }
}

void Stream(const Request& req, Response* resp) {
  const auto stub = Connect<api::TranslationService>(req);
  grpc::ClientContext context;
  const auto calls = stub->StreamTranslate(&context);
  auto writing =
      std::async(std::launch::async, WriteAll, std::cref(req), calls.get());
  const bool ordered = ReadAll(calls.get(), resp);
  writing.get();
  ThrowIfError(calls->Finish());
  if (!ordered) throw std::runtime_error("the responses are not in order");
}

void Raise(const Request& req, Response* resp) {
  const auto stub = Connect<api::TranslationService>(req);
  for (const auto& request : req.requests()) {
    grpc::ClientContext context;
    api::RaiseResponse response;
    *resp->add_observations() =
        RaisedBy(stub->Raise(&context, RaiseOf(request), &response));
  }
}

void Catalog(const Request& req, Response* resp) {
  const auto stub = Connect<api::CatalogService>(req);
  api::ListErrorCodesRequest request;
  do {
    grpc::ClientContext context;
    api::ListErrorCodesResponse page;
    ThrowIfError(stub->ListErrorCodes(&context, request, &page));
    for (const auto& entry : page.entries()) {
      Observation& observation = *resp->add_observations();
      *observation.mutable_entry() = entry;
      SetMeaning(entry.number(), &observation);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
}

}  // namespace cbcerr::conformance::v1
