#include "engine/core/error.hpp"

#include <cctype>

namespace sketchscope::core {
namespace {

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// Returns a text from a file or a person as a message can hold it: without control characters, of
/// which a zero would end the message, and with the middle left out of a text that nobody would
/// read to its end.
std::string readable(std::string text) {
  constexpr std::size_t kLongest = 1000;
  constexpr std::size_t kEnd = kLongest / 2;
  const auto continues_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  if (text.size() > kLongest) {
    std::size_t first = kEnd, last = text.size() - kEnd;
    while (first > kEnd - 3 && continues_character(first)) --first;
    while (last < text.size() - kEnd + 3 && continues_character(last)) ++last;
    text = text.substr(0, first) + "…" + text.substr(last);
  }
  for (char& letter : text) {
    if (static_cast<unsigned char>(letter) < 0x20 && letter != '\n') letter = '?';
  }
  return text;
}

std::string sentence(const Problem& problem) {
  std::string text = readable(problem.what);
  if (!problem.found.empty()) text += ": found " + readable(problem.found);
  if (!problem.expected.empty()) {
    text += (problem.found.empty() ? ": expected " : ", expected ") + readable(problem.expected);
  }
  if (!problem.remedy.empty()) text += ". " + capitalised(problem.remedy);
  return text;
}

}  // namespace

Error::Error(const Problem& problem) : std::runtime_error(sentence(problem)) {}

}  // namespace sketchscope::core
