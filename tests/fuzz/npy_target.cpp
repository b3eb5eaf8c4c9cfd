#include <cstring>

#include "engine/core/npz.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

/// Reads an array and writes it again; the bytes are compared, since a NaN equals nothing.
template <typename Number>
bool run_npy_of(std::string_view input) {
  const auto array = accepted([&] { return core::read_npy<Number>(input, "array"); });
  if (!array) return false;
  const auto again =
      core::read_npy<Number>(core::npy_file<Number>(array->values, array->shape), "again");
  require(again.shape == array->shape, "an array comes back in another shape");
  require(again.values.size() == array->values.size() &&
              (again.values.empty() || std::memcmp(again.values.data(), array->values.data(),
                                                   again.values.size() * sizeof(Number)) == 0),
          "an array comes back with other values");
  return true;
}

bool run_npy(std::string_view input) {
  const bool doubles = run_npy_of<double>(input);
  const bool floats = run_npy_of<float>(input);
  const bool bytes = run_npy_of<std::uint8_t>(input);
  return run_npy_of<std::int32_t>(input) || doubles || floats || bytes;
}

std::vector<std::string> npy_seeds() {
  const std::vector<std::size_t> square = {2, 2};
  const std::vector<std::size_t> empty = {0};
  return {core::npy_file<double>(std::vector{1.0, 2.0, 3.0, -0.5}, square),
          core::npy_file<std::int32_t>(std::vector{1, -2, 3, 4}, square),
          core::npy_file<std::uint8_t>({}, empty)};
}

}  // namespace

Target npy_target() {
  return {"npy", "an array of numbers in numpy's format", run_npy, npy_seeds};
}

}  // namespace sketchscope::fuzz
