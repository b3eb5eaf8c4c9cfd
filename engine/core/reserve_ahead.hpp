#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sketchscope {

/// Reserves capacity for `count` values, at least doubling it when it grows, so that values
/// appended one by one rarely reallocate.
template <typename Value>
void reserve_ahead(std::vector<Value>& values, std::size_t count) {
  if (values.capacity() < count) values.reserve(std::max(count, 2 * values.capacity()));
}

}  // namespace sketchscope
