// Tests that MeaningOf reads the texts of codes and refuses other types.
#include <google/protobuf/util/message_differencer.h>

#include <cstddef>
#include <initializer_list>
#include <iostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "cbcerr/cbcerr.h"

namespace {

// Takes is true if MeaningOf accepts a T.
template <typename T, typename = void>
constexpr bool Takes = false;
template <typename T>
constexpr bool
    Takes<T, std::void_t<decltype(cbcerr::MeaningOf(std::declval<T>()))>> =
        true;

static_assert(Takes<int> && Takes<cbc::error::v1::ErrorCode> &&
              Takes<const char*> && Takes<std::string>);
static_assert(!Takes<double> && !Takes<bool> && !Takes<char> && !Takes<long> &&
              !Takes<unsigned> && !Takes<std::nullptr_t>);

// Reports whether a text has the meaning of a number.
bool Same(std::string_view text, int number) {
  const auto of_text = cbcerr::MeaningOf(text);
  const auto of_number = cbcerr::MeaningOf(number);
  return of_text && of_number &&
         google::protobuf::util::MessageDifferencer::Equals(*of_text,
                                                            *of_number);
}

}  // namespace

int main() {
  using cbc::error::v1::ERROR_CODE_CBC_0000;
  int faults = 0;
  if (!Same("CBC.5003", 5003) || !Same("cbc.5003", 5003) ||
      !Same("5003", 5003) || !Same("CBC.99003651", 99003651) ||
      !Same("CBC.0000", ERROR_CODE_CBC_0000)) {
    std::cerr << "a text has not the meaning of its number\n";
    ++faults;
  }
  for (const auto text : {"", "CBC.", "CBC.cbc.5003", "cbc5003", "503", "05003",
                          "CBC.+503", "CBC.5OO3", "APIGW.0308"}) {
    if (!cbcerr::MeaningOf(text)) continue;
    std::cerr << '"' << text << "\" has a meaning\n";
    ++faults;
  }
  return faults;
}
