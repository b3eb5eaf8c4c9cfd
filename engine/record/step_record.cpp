#include "engine/record/step_record.hpp"

namespace sketchscope {

std::string_view reason_text(EvictionReason reason) {
  switch (reason) {
    case EvictionReason::capacity:
      return "capacity";
    case EvictionReason::capacity_lowered:
      return "capacity lowered";
    case EvictionReason::prompt_cut:
      return "prompt cut";
    case EvictionReason::policy_changed:
      return "policy changed";
    case EvictionReason::budget_moved:
      return "budget moved";
  }
  return "unknown";
}

}  // namespace sketchscope
