#include <array>

#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

ReadKind kind(std::string_view name, std::string_view help, std::unique_ptr<Read> (*make)()) {
  const auto read = make();
  return {.name = name,
          .help = help,
          .make = make,
          .reads_tail = read->reads_tail(),
          .takes_k = read->takes_k()};
}

}  // namespace

const Registry<ReadKind>& read_kinds() {
  static const std::array kinds = {
      kind("full", "all stored slots", make_full_read),
      kind("topk", "the read_k slots of highest score, sinks and the recent window",
           make_topk_read),
      kind("aggregate", "all stored slots and a summary of the evicted positions",
           make_aggregate_read),
  };
  static const Registry<ReadKind> registry("read", kinds);
  return registry;
}

}  // namespace sketchscope
