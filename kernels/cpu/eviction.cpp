#include "kernels/eviction.hpp"

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels {
namespace {

SketchTable table_of(const SketchRows& rows, float* cells, float* room) {
  return {.buckets = rows.buckets.data(),
          .signs = rows.signs.empty() ? nullptr : rows.signs.data(),
          .depth = static_cast<int>(rows.buckets.size()),
          .width = rows.width,
          .input = rows.input,
          .cells = cells,
          .room = room};
}

}  // namespace

void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates,
                  const cpu::KernelSet& kernels) {
  check_sketch_query(rows, query, cells.size(), ids.size(), estimates.size());
  // The const_cast is safe since a query writes no cell.
  kernels.query_sketch(table_of(rows, const_cast<float*>(cells.data()), nullptr), query, ids.data(),
                       static_cast<int>(ids.size()), estimates.data());
}

void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room, const cpu::KernelSet& kernels) {
  check_sketch_update(rows, update, cells.size(), items.size(), room.size());
  kernels.update_sketch(table_of(rows, cells.data(), room.data()), update, items.data(),
                        static_cast<int>(items.size()));
}

LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range, const cpu::KernelSet& kernels) {
  check_lowest_slots(positions, scores);
  return kernels.lowest_slots(positions.data(), scores.data(), static_cast<int>(positions.size()),
                              range);
}

}  // namespace sketchscope::kernels
