// The executor of the C++ client: it does what tasks say and reports what the
// client made of the answers.
#include <array>
#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include "doors.h"
#include "readings.h"

namespace cbcerr::conformance::v1 {
namespace {

void ReadStatuses(const Task& task, Report* report) {
  for (const auto& status : task.statuses()) {
    *report->add_readings() = Read(status);
  }
}

// The door of a number; one that nobody knows cannot be gone through.
auto DoorOf(int number) -> void (*)(const Task&, Report*) {
  switch (number) {
    case DOOR_UNARY:
      return Translate;
    case DOOR_BATCH:
      return Batch;
    case DOOR_STREAM:
      return Stream;
    case DOOR_RAISE:
      return Raise;
    case DOOR_CATALOG:
      return Catalog;
    case DOOR_REST:
      return TranslateOverRest;
    case DOOR_REST_RAISE:
      return RaiseOverRest;
    case DOOR_READ:
      return ReadStatuses;
    default:
      throw std::runtime_error("no such door: " + std::to_string(number));
  }
}

Report Do(const std::string& bytes) {
  Task task;
  Report report;
  try {
    if (!task.ParseFromString(bytes)) {
      throw std::runtime_error("the task cannot be read");
    }
    DoorOf(task.door())(task, &report);
  } catch (const std::exception& error) {
    report.set_failure(error.what());
  }
  report.set_name(task.name());
  return report;
}

// Reads a size and as many bytes; false at the end of the input.
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
    throw std::runtime_error("a task broke off");
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
