#pragma once

#include <concepts>
#include <functional>
#include <stdexcept>
#include <string>

namespace sketchscope::core {

/// The parts of an error message that a user needs to correct a failure; all but `what` may be
/// empty.
struct Problem {
  std::string what;      ///< what failed, and where: "safetensors header of model.safetensors"
  std::string found;     ///< the value found
  std::string expected;  ///< the values allowed
  std::string remedy;    ///< what to do now
};

/// The exception that ends an operation; what() is one sentence built from the problem's parts.
class Error : public std::runtime_error {
 public:
  explicit Error(const Problem& problem);
  /// Takes the whole message as one sentence. It is a template so that a braced Problem is never
  /// taken for a string.
  template <std::convertible_to<std::string> Text>
  explicit Error(const Text& what)
      : Error(Problem{.what = what, .found = {}, .expected = {}, .remedy = {}}) {}
};

/// The exception for a request that is invalid in itself (an unknown flag, a knob out of range).
class UsageError final : public Error {
 public:
  using Error::Error;
};

/// A callback for the progress of a long operation, as a share of the whole. It throws Cancelled to
/// end the operation; an empty sink is ignored.
using ProgressSink = std::function<void(double share)>;

/// The exception that ends an operation because its cancellation was requested.
class Cancelled final : public Error {
 public:
  using Error::Error;
};

}  // namespace sketchscope::core
