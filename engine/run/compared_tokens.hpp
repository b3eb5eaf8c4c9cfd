#pragma once

#include <cstdint>

namespace sketchscope {

/// What the second of two compared runs is fed; both go on position by position.
enum class ComparedTokens : std::uint8_t {
  own,   ///< the tokens that it draws itself
  same,  ///< the first run's tokens, so that all that differs comes from the caches
};

}  // namespace sketchscope
