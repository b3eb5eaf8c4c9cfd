#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decode/page_map.hpp"
#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope::view {

/// A holder of pages as it is named in the window.
struct PageHolderName {
  run::PageHolder holder;
  std::string_view name;
};
std::span<const PageHolderName> page_holder_names();
std::string_view holder_name(run::PageHolder holder);

/// Returns whether a holder is among the holders of a page.
[[nodiscard]] bool held_by(decode::PageHolders holders, run::PageHolder holder);
/// Returns the holder in whose colour a page is drawn, the first one named; empty for a free page.
std::optional<run::PageHolder> first_holder(decode::PageHolders holders);
/// Returns the second one; empty for a page that is free or has one holder.
std::optional<run::PageHolder> second_holder(decode::PageHolders holders);
/// Names the holders: "this run, its twin", or "free".
std::string holders_text(decode::PageHolders holders);

/// How many pages a holder has.
struct PageCount {
  run::PageHolder holder = run::PageHolder::lane;
  std::size_t pages = 0;   ///< pages that it holds, including shared ones
  std::size_t shared = 0;  ///< of these, pages that others hold too
};
/// The pages of all pools together.
struct PageTotals {
  std::vector<PageCount> holders;  ///< those that hold any, in the order of their names
  std::size_t pages = 0;
  std::size_t free = 0;
  std::size_t shared = 0;  ///< by two holders or more
  double bytes = 0;        ///< of all pages
  double free_bytes = 0;
};
PageTotals page_totals(std::span<const decode::PoolPages> pools);

/// Describes a pool: "f32, 4 heads × 48 · 24 KiB a page".
std::string pool_text(const decode::PoolPages& pool);

/// Returns pool, holders, number of tables and bytes of every page.
DataTable pages_data(std::span<const decode::PoolPages> pools);

}  // namespace sketchscope::view
