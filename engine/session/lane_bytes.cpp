#include "engine/session/lane.hpp"

namespace sketchscope {

std::size_t Lane::kv_bytes() const {
  std::size_t bytes = 0;
  for (const LayerCache& cache : layers_) bytes += cache.table.stored_bytes();
  return bytes;
}

std::size_t Lane::sketch_bytes() const {
  std::size_t bytes = 0;
  for (const LayerCache& cache : layers_) bytes += cache.sketch ? cache.sketch->bytes() : 0;
  return bytes;
}

std::size_t Lane::statistics_bytes() const {
  std::size_t bytes = 0;
  for (const LayerCache& cache : layers_) bytes += cache.statistics.bytes();
  return bytes;
}

std::size_t Lane::audit_bytes() const {
  std::size_t bytes = 0;
  for (const LayerCache& cache : layers_) bytes += cache.audit ? cache.audit->bytes() : 0;
  return bytes;
}

}  // namespace sketchscope
