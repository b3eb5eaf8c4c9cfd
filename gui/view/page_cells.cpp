#include "gui/view/page_cells.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include "engine/core/registry.hpp"
#include "engine/settings/knobs.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

using run::PageHolder;

constexpr std::array kHolderNames = {
    PageHolderName{PageHolder::lane, "this run"},
    PageHolderName{PageHolder::audit, "its audit"},
    PageHolderName{PageHolder::twin, "its twin"},
    PageHolderName{PageHolder::other_lane, "run B"},
    PageHolderName{PageHolder::other_audit, "B's audit"},
    PageHolderName{PageHolder::other_twin, "B's twin"},
    PageHolderName{PageHolder::kept, "keyframes"},
};

/// Returns a page's holder of this rank, in the order of the names, counted from 0.
std::optional<PageHolder> holder_at(decode::PageHolders holders, int rank) {
  for (const PageHolderName& named : kHolderNames) {
    if (held_by(holders, named.holder) && rank-- == 0) return named.holder;
  }
  return std::nullopt;
}

}  // namespace

std::span<const PageHolderName> page_holder_names() {
  return kHolderNames;
}

std::string_view holder_name(PageHolder holder) {
  return std::ranges::find(kHolderNames, holder, &PageHolderName::holder)->name;
}

bool held_by(decode::PageHolders holders, PageHolder holder) {
  return (static_cast<unsigned>(holders) >> static_cast<unsigned>(holder) & 1U) != 0;
}

std::optional<PageHolder> first_holder(decode::PageHolders holders) {
  return holder_at(holders, 0);
}

std::optional<PageHolder> second_holder(decode::PageHolders holders) {
  return holder_at(holders, 1);
}

std::string holders_text(decode::PageHolders holders) {
  std::string text;
  for (const PageHolderName& named : kHolderNames) {
    if (held_by(holders, named.holder))
      text += (text.empty() ? "" : ", ") + std::string(named.name);
  }
  return text.empty() ? "free" : text;
}

PageTotals page_totals(std::span<const decode::PoolPages> pools) {
  PageTotals totals;
  std::vector<PageCount> counts;
  for (const PageHolderName& named : kHolderNames) counts.push_back({.holder = named.holder});
  std::array<std::size_t, std::size_t{std::numeric_limits<decode::PageHolders>::max()} + 1>
      by_holders{};
  for (const decode::PoolPages& pool : pools) {
    std::ranges::transform(by_holders, pool.by_holders, by_holders.begin(), std::plus());
    const auto page_bytes = static_cast<double>(pool.page_bytes);
    totals.bytes += page_bytes * static_cast<double>(pool.holders.size());
    totals.free_bytes += page_bytes * static_cast<double>(pool.by_holders.front());
  }
  totals.free = by_holders[0];
  for (std::size_t mask = 0; mask < by_holders.size(); ++mask) {
    const std::size_t pages = by_holders[mask];
    if (pages == 0) continue;
    const auto holders = static_cast<decode::PageHolders>(mask);
    const std::size_t shared = second_holder(holders) ? pages : 0;
    totals.pages += pages;
    totals.shared += shared;
    for (PageCount& count : counts) {
      if (!held_by(holders, count.holder)) continue;
      count.pages += pages;
      count.shared += shared;
    }
  }
  std::ranges::copy_if(counts, std::back_inserter(totals.holders),
                       [](const PageCount& count) { return count.pages > 0; });
  return totals;
}

std::string pool_text(const decode::PoolPages& pool) {
  return std::string(core::name_of(pool.shape.format)) + ", " + std::to_string(pool.shape.heads) +
         (pool.shape.heads == 1 ? " head × " : " heads × ") +
         std::to_string(pool.shape.head_width) + " · " +
         plot::format_bytes(static_cast<double>(pool.page_bytes)) + " a page";
}

DataTable pages_data(std::span<const decode::PoolPages> pools) {
  DataTable data;
  if (pools.empty()) return data;
  data.columns = {"pool", "page", "holders", "tables", "bytes"};
  for (std::size_t index = 0; index < pools.size(); ++index) {
    const decode::PoolPages& pool = pools[index];
    for (std::size_t page = 0; page < pool.holders.size(); ++page) {
      data.rows.push_back({std::to_string(index), std::to_string(page),
                           holders_text(pool.holders[page]), std::to_string(pool.references[page]),
                           std::to_string(pool.page_bytes)});
    }
  }
  return data;
}

}  // namespace sketchscope::view
