#include <algorithm>
#include <array>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/read/aggregate_read.hpp"
#include "engine/read/full_read.hpp"
#include "engine/read/read.hpp"
#include "engine/read/topk_read.hpp"

namespace sketchscope {
namespace {

template <typename Kind>
std::unique_ptr<Read> make() {
  return std::make_unique<Kind>();
}

constexpr std::array kReads = {
    ReadKind{"full", "all stored slots", make<FullRead>},
    ReadKind{"topk", "the read_k slots of highest score, sinks and the recent window",
             make<TopKRead>},
    ReadKind{"aggregate", "all stored slots and a summary of the evicted positions",
             make<AggregateRead>},
};

}  // namespace

std::span<const ReadKind> read_kinds() {
  return kReads;
}

std::unique_ptr<Read> make_read(std::string_view name) {
  const auto found = std::ranges::find(kReads, name, &ReadKind::name);
  if (found != kReads.end()) return found->make();

  std::vector<std::string_view> names;
  for (const ReadKind& known : kReads) names.push_back(known.name);
  throw UsageError(
      {.what = "read", .found = std::string(name), .expected = "one of " + join(names)});
}

}  // namespace sketchscope
