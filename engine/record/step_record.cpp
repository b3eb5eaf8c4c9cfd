#include "engine/record/step_record.hpp"

#include "engine/core/error.hpp"

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

EvictionReason parse_reason(std::string_view text) {
  std::string known;
  for (auto reason = EvictionReason::capacity; reason <= EvictionReason::budget_moved;
       reason = static_cast<EvictionReason>(static_cast<int>(reason) + 1)) {
    if (reason_text(reason) == text) return reason;
    known += (known.empty() ? "" : ", ") + std::string(reason_text(reason));
  }
  throw Error({.what = "reason of an eviction",
               .found = "'" + std::string(text) + "'",
               .expected = "one of " + known,
               .remedy = "Write the file again with this version"});
}

}  // namespace sketchscope
