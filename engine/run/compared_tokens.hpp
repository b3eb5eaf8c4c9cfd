#pragma once

#include <cstdint>

namespace sketchscope {

/// What a run is fed that goes on beside another, position by position.
enum class ComparedTokens : std::uint8_t {
  own,   ///< what it draws itself
  same,  ///< the other's tokens, so that what differs is the caches' alone
};

}  // namespace sketchscope
