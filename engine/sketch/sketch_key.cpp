#include "engine/sketch/sketch_key.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"position", "head-position", "token"};

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

std::uint32_t item_id(SketchKey key, const ItemSource& source) {
  switch (key) {
    case SketchKey::position:
      return static_cast<std::uint32_t>(source.position);
    case SketchKey::head_position:
      return static_cast<std::uint32_t>(source.head * source.positions + source.position);
    case SketchKey::token:
      return static_cast<std::uint32_t>(source.token);
  }
  throw Error({.what = "sketch key", .found = std::to_string(static_cast<int>(key))});
}

}  // namespace sketchscope
