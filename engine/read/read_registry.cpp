#include <array>

#include "engine/read/aggregate_read.hpp"
#include "engine/read/full_read.hpp"
#include "engine/read/read.hpp"
#include "engine/read/topk_read.hpp"

namespace sketchscope {
namespace {

template <typename Kind>
ReadKind kind(std::string_view name, std::string_view help) {
  const Kind read;
  return {.name = name,
          .help = help,
          .make = []() -> std::unique_ptr<Read> { return std::make_unique<Kind>(); },
          .reads_tail = read.reads_tail(),
          .takes_k = read.takes_k()};
}

}  // namespace

const Registry<ReadKind>& read_kinds() {
  static const std::array kinds = {
      kind<FullRead>("full", "all stored slots"),
      kind<TopKRead>("topk", "the read_k slots of highest score, sinks and the recent window"),
      kind<AggregateRead>("aggregate", "all stored slots and a summary of the evicted positions"),
  };
  static const Registry<ReadKind> registry("read", kinds);
  return registry;
}

}  // namespace sketchscope
