// Translates a response with the cbcerrd at the address of the first argument,
// by default localhost:9090.
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <iostream>

#include "cbc/error/v1/translation_service.grpc.pb.h"
#include "cbcerr/cbcerr.h"

int main(int argc, char** argv) {
  const auto stub = cbc::error::v1::TranslationService::NewStub(
      grpc::CreateChannel(argc > 1 ? argv[1] : "localhost:9090",
                          grpc::InsecureChannelCredentials()));
  cbc::error::v1::TranslateRequest request;
  request.mutable_response()->set_http_status(400);
  request.mutable_response()->set_text(R"({"error_code":"CBC.99003651"})");
  request.add_locales("zh-CN");

  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(5));
  cbc::error::v1::TranslateResponse answer;
  const grpc::Status called = stub->Translate(&context, request, &answer);
  if (!called.ok()) {
    std::cerr << called.error_message() << '\n';
    return 1;
  }
  const auto error = cbcerr::FromStatus(answer.translation().status());
  if (error) {  // Empty if upstream succeeded.
    std::cout << error->reason << ' ' << error->retry << ' ' << error->message
              << '\n';
  }
}
