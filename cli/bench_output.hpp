#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <span>

#include "engine/bench/bench_row.hpp"

namespace sketchscope {

/// Schema sketchscope/bench/1.
nlohmann::json bench_json(const MachineSpeed& machine, std::span<const BenchRow> rows);

/// A table for people.
void print_bench(std::ostream& stream, const MachineSpeed& machine, std::span<const BenchRow> rows);

}  // namespace sketchscope
