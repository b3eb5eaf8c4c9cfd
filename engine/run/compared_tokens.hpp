#pragma once

#include <cstdint>

namespace sketchscope {

/// The token source of the second of two compared runs, which advance position by position.
enum class ComparedTokens : std::uint8_t {
  own,   ///< its own draws
  same,  ///< the first run's tokens, which isolates the caches' effect
};

}  // namespace sketchscope
