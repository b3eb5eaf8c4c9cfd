#include "cli/manual/environment.hpp"

#include "cli/manual/wrapped_text.hpp"

namespace sketchscope::cli {

std::string environment_text() {
  constexpr std::size_t kIndent = 6;
  std::string text = "Environment variables:";
  for (const auto& [name, meaning] : kEnvironment) {
    text += "\n  " + std::string(name) + "\n" + std::string(kIndent, ' ') +
            wrapped(meaning, kIndent, kIndent);
  }
  return text;
}

}  // namespace sketchscope::cli
