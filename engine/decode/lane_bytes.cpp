#include "engine/decode/lane.hpp"

namespace sketchscope {
namespace {

template <typename BytesOf>
std::size_t sum_over_groups(const std::vector<LayerCache>& layers, BytesOf bytes_of) {
  std::size_t bytes = 0;
  for (const LayerCache& cache : layers) {
    for (const HeadGroup& group : cache.groups) bytes += bytes_of(group);
  }
  return bytes;
}

}  // namespace

std::size_t Lane::kv_bytes() const {
  return sum_over_groups(layers_,
                         [](const HeadGroup& group) { return group.table.stored_bytes(); });
}

std::size_t Lane::sketch_bytes() const {
  std::size_t bytes = coder_ ? coder_->bytes() : 0;
  for (const LayerCache& cache : layers_) bytes += cache.sketch ? cache.sketch->bytes() : 0;
  return bytes + sum_over_groups(layers_, [](const HeadGroup& group) {
           return group.codes.size() * sizeof(std::uint32_t);
         });
}

std::size_t Lane::statistics_bytes() const {
  return sum_over_groups(layers_, [](const HeadGroup& group) { return group.statistics.bytes(); });
}

std::size_t Lane::tail_bytes() const {
  return sum_over_groups(
      layers_, [](const HeadGroup& group) { return group.tail ? group.tail->bytes() : 0; });
}

std::size_t Lane::audit_bytes() const {
  return sum_over_groups(
      layers_, [](const HeadGroup& group) { return group.audit ? group.audit->bytes() : 0; });
}

std::size_t Lane::bytes_beside(const Lane* earlier) const {
  std::size_t bytes = sketch_bytes() + statistics_bytes() + tail_bytes() +
                      logits_.size() * sizeof(float) + tokens_.size() * sizeof(int);
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const LayerCache& cache = layers_[layer];
    bytes += cache.attended.mass.size() * sizeof(float);
    for (std::size_t index = 0; index < cache.groups.size(); ++index) {
      const HeadGroup& group = cache.groups[index];
      const HeadGroup* before = earlier ? &earlier->layers_[layer].groups[index] : nullptr;
      bytes += group.table.bytes_beside(before ? &before->table : nullptr);
      if (!group.audit) continue;
      bytes += group.audit->bytes_beside(before && before->audit ? &*before->audit : nullptr);
    }
  }
  return bytes;
}

}  // namespace sketchscope
