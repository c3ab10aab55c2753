// Executor of the C++ client: reads conformance requests from standard input
// and writes responses to standard output.
#include <array>
#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include "entry_points.h"
#include "observations.h"

namespace cbcerr::conformance::v1 {
namespace {

void ReadStatuses(const Request& req, Response* resp) {
  for (const auto& status : req.statuses()) {
    *resp->add_observations() = Read(status);
  }
}

// Returns the function of an entry point.
auto EntryPointOf(int number) -> void (*)(const Request&, Response*) {
  switch (number) {
    case ENTRY_POINT_UNARY:
      return Translate;
    case ENTRY_POINT_BATCH:
      return Batch;
    case ENTRY_POINT_STREAM:
      return Stream;
    case ENTRY_POINT_RAISE:
      return Raise;
    case ENTRY_POINT_CATALOG:
      return Catalog;
    case ENTRY_POINT_REST:
      return TranslateOverRest;
    case ENTRY_POINT_REST_RAISE:
      return RaiseOverRest;
    case ENTRY_POINT_READ:
      return ReadStatuses;
    default:
      throw std::runtime_error("unknown entry point: " +
                               std::to_string(number));
  }
}

Response Do(const std::string& bytes) {
  Request req;
  Response resp;
  try {
    if (!req.ParseFromString(bytes)) {
      throw std::runtime_error("invalid request");
    }
    EntryPointOf(req.entry_point())(req, &resp);
  } catch (const std::exception& error) {
    resp.set_failure(error.what());
  }
  resp.set_name(req.name());
  return resp;
}

// Reads a size and that many bytes. Returns false at the end of the input.
bool Receive(std::istream& in, std::string* bytes) {
  if (in.peek() == std::istream::traits_type::eof()) return false;
  std::array<char, 4> size;
  in.read(size.data(), size.size());
  std::uint32_t count = 0;
  for (const char byte : size) {
    count = count << 8 | static_cast<unsigned char>(byte);
  }
  if (in) bytes->resize(count);
  if (!in.read(bytes->data(), count)) {
    throw std::runtime_error("truncated request");
  }
  return true;
}

void Send(const std::string& bytes, std::ostream& out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.put(static_cast<char>(bytes.size() >> shift));
  }
  out << bytes << std::flush;
}

}  // namespace
}  // namespace cbcerr::conformance::v1

int main() try {
  using namespace cbcerr::conformance::v1;
  std::string bytes;
  while (Receive(std::cin, &bytes)) {
    Send(Do(bytes).SerializeAsString(), std::cout);
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
