#pragma once

#include "engine/cache/shadow_attention.hpp"

namespace sketchscope {

/// Hears what an audited lane's heads attended to beside what they would have under a full cache.
/// Forks of a lane share its observer.
class AttentionObserver {
 public:
  virtual ~AttentionObserver() = default;

  /// Whether see() is to be called for this head under the query of `position`.
  [[nodiscard]] virtual bool wants(int layer, int head, int position) const = 0;
  virtual void see(int layer, int head, const ShadowAttention& attention) = 0;
};

}  // namespace sketchscope
