#include "kernels/sketch_table.hpp"

#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {
namespace {

cpu::SketchTable table_of(const SketchRows& rows, float* cells, float* room) {
  return {.buckets = rows.buckets.data(),
          .signs = rows.signs.empty() ? nullptr : rows.signs.data(),
          .depth = static_cast<int>(rows.buckets.size()),
          .width = rows.width,
          .cells = cells,
          .room = room};
}

}  // namespace

void cpu::query_sketch(const KernelSet& kernels, const SketchRows& rows, SketchQuery query,
                       std::span<const float> cells, std::span<const std::uint32_t> ids,
                       std::span<float> estimates) {
  check_sketch_query(rows, query, cells.size(), ids.size(), estimates.size());
  // The const_cast is safe since a query writes no cell.
  kernels.query_sketch(table_of(rows, const_cast<float*>(cells.data()), nullptr), query, ids.data(),
                       static_cast<int>(ids.size()), estimates.data());
}

void cpu::update_sketch(const KernelSet& kernels, const SketchRows& rows, SketchUpdate update,
                        std::span<const SketchItem> items, std::span<float> cells,
                        std::span<float> room) {
  check_sketch_update(rows, update, cells.size(), items.size(), room.size());
  kernels.update_sketch(table_of(rows, cells.data(), room.data()), update, items.data(),
                        static_cast<int>(items.size()));
}

void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates) {
  cpu::query_sketch(cpu::best_kernels(), rows, query, cells, ids, estimates);
}

void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room) {
  cpu::update_sketch(cpu::best_kernels(), rows, update, items, cells, room);
}

}  // namespace sketchscope
