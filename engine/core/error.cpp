#include "engine/core/error.hpp"

#include <cctype>

namespace sketchscope::core {
namespace {

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string sentence(const Problem& problem) {
  std::string text = problem.what;
  if (!problem.found.empty()) text += ": found " + problem.found;
  if (!problem.expected.empty()) {
    text += (problem.found.empty() ? ": expected " : ", expected ") + problem.expected;
  }
  if (!problem.remedy.empty()) text += ". " + capitalised(problem.remedy);
  return text;
}

}  // namespace

Error::Error(const Problem& problem) : std::runtime_error(sentence(problem)) {}

}  // namespace sketchscope::core
