#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "gui/panels/panel.hpp"

namespace sketchscope::panels {

/// An entry of the registry of panels.
struct PanelKind {
  std::string_view name;
  std::unique_ptr<Panel> (*make)();
};

/// Returns all kinds of panels in the order of menus.
std::span<const PanelKind> panel_kinds();

std::unique_ptr<Panel> make_accuracy_panel();
std::unique_ptr<Panel> make_allocations_panel();
std::unique_ptr<Panel> make_attention_grid_panel();
std::unique_ptr<Panel> make_attention_kl_panel();
std::unique_ptr<Panel> make_attention_panel();
std::unique_ptr<Panel> make_branching_panel();
std::unique_ptr<Panel> make_bytes_panel();
std::unique_ptr<Panel> make_compare_panel();
std::unique_ptr<Panel> make_evictions_panel();
std::unique_ptr<Panel> make_inspector_panel();
std::unique_ptr<Panel> make_knobs_panel();
std::unique_ptr<Panel> make_memory_panel();
std::unique_ptr<Panel> make_next_token_kl_panel();
std::unique_ptr<Panel> make_next_token_panel();
std::unique_ptr<Panel> make_occupancy_panel();
std::unique_ptr<Panel> make_pages_panel();
std::unique_ptr<Panel> make_perplexity_panel();
std::unique_ptr<Panel> make_range_panel();
std::unique_ptr<Panel> make_retained_mass_panel();
std::unique_ptr<Panel> make_runs_panel();
std::unique_ptr<Panel> make_scores_panel();
std::unique_ptr<Panel> make_sketch_panel();
std::unique_ptr<Panel> make_step_panel();
std::unique_ptr<Panel> make_stored_panel();
std::unique_ptr<Panel> make_study_panel();
std::unique_ptr<Panel> make_text_panel();
std::unique_ptr<Panel> make_throughput_panel();
std::unique_ptr<Panel> make_timeline_panel();
std::unique_ptr<Panel> make_why_panel();

}  // namespace sketchscope::panels
