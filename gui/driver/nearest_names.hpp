#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// The `count` of `names` that take the fewest changed letters to become `wanted`, best first.
std::vector<std::string> nearest_names(std::string_view wanted, std::span<const std::string> names,
                                       std::size_t count);

}  // namespace sketchscope
