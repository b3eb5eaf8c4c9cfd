#pragma once

#include <concepts>
#include <stdexcept>
#include <string>

namespace sketchscope {

/// What a person needs to mend a failure; every part but `what` may be left empty.
struct Problem {
  std::string what;      ///< what failed, and where: "safetensors header of model.safetensors"
  std::string found;     ///< the value met
  std::string expected;  ///< the values allowed
  std::string remedy;    ///< what to do now
};

/// Ends an operation. Its text is one sentence built from the problem's parts.
class Error : public std::runtime_error {
 public:
  explicit Error(const Problem& problem);
  /// A problem of one sentence. A template, so that a braced Problem never means a string.
  template <std::convertible_to<std::string> Text>
  explicit Error(const Text& what)
      : Error(Problem{.what = what, .found = {}, .expected = {}, .remedy = {}}) {}
};

/// Ends an operation because of how it was asked for (an unknown flag, a knob out of range).
class UsageError final : public Error {
 public:
  using Error::Error;
};

}  // namespace sketchscope
