#include "engine/sketch/sketch_key.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"position", "head-position", "token",
                                                    "key-lsh"};

}  // namespace

std::span<const std::string_view> sketch_key_names() {
  return kNames;
}

SketchKey sketch_key_from(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found != kNames.end()) return static_cast<SketchKey>(found - kNames.begin());

  throw UsageError({.what = "sketch_key",
                    .found = std::string(name),
                    .expected = "one of " + join({kNames.begin(), kNames.end()})});
}

}  // namespace sketchscope
