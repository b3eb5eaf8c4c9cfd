#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sketchscope {

/// Reserves memory for `count` values before they come, and for as many again as there are, so that
/// values that come one by one rarely ask for more.
template <typename Value>
void reserve_ahead(std::vector<Value>& values, std::size_t count) {
  if (values.capacity() < count) values.reserve(std::max(count, 2 * values.capacity()));
}

}  // namespace sketchscope
