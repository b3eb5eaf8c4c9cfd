#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

std::string sentence(const Problem& problem) {
  std::string text = problem.what;
  if (!problem.found.empty()) text += ": found " + problem.found;
  if (!problem.expected.empty()) {
    text += (problem.found.empty() ? ": expected " : ", expected ") + problem.expected;
  }
  if (!problem.remedy.empty()) text += ". " + problem.remedy;
  return text;
}

}  // namespace

Error::Error(const Problem& problem) : std::runtime_error(sentence(problem)) {}

}  // namespace sketchscope
