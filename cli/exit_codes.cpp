#include "cli/exit_codes.hpp"

namespace sketchscope::cli {

std::string exit_codes_text() {
  constexpr std::size_t kWidth = 5;
  std::string text = "Exit codes:";
  for (const auto& [code, meaning] : kExitCodes) {
    std::string number = "  " + std::to_string(code);
    number.resize(kWidth + 2, ' ');
    text += "\n" + number + std::string(meaning);
  }
  return text;
}

}  // namespace sketchscope::cli
