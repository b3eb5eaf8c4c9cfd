#include "gui/panels/panel_registry.hpp"

#include <array>

namespace sketchscope::panels {

std::span<const PanelKind> panel_kinds() {
  static constexpr auto kKinds = std::to_array<PanelKind>({
      {"knobs", make_knobs_panel},
      {"text", make_text_panel},
      {"occupancy", make_occupancy_panel},
      {"stored", make_stored_panel},
      {"sketch", make_sketch_panel},
      {"attention", make_attention_panel},
      {"attention-grid", make_attention_grid_panel},
      {"accuracy", make_accuracy_panel},
      {"timeline", make_timeline_panel},
      {"next-token-kl", make_next_token_kl_panel},
      {"perplexity", make_perplexity_panel},
      {"attention-kl", make_attention_kl_panel},
      {"retained-mass", make_retained_mass_panel},
      {"next-token", make_next_token_panel},
      {"memory", make_memory_panel},
      {"throughput", make_throughput_panel},
      {"step", make_step_panel},
      {"allocations", make_allocations_panel},
      {"pages", make_pages_panel},
      {"bytes", make_bytes_panel},
      {"evictions", make_evictions_panel},
      {"why", make_why_panel},
      {"scores", make_scores_panel},
      {"inspector", make_inspector_panel},
      {"range", make_range_panel},
      {"branching", make_branching_panel},
      {"compare", make_compare_panel},
      {"runs", make_runs_panel},
      {"study", make_study_panel},
  });
  return kKinds;
}

}  // namespace sketchscope::panels
