#include "engine/measure/head_shift.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

// One term of the KL divergence, z ln(z / p), finite even if p was rounded to 0.
double kl_term(double z, double p) {
  return z > 0 ? z * std::log(z / std::max(p, double{std::numeric_limits<float>::min()})) : 0.0;
}

double dot(const std::vector<float>& left, const std::vector<float>& right) {
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0);
}

std::ptrdiff_t peak(const std::vector<float>& mass) {
  return std::ranges::max_element(mass) - mass.begin();
}

// Returns `wanted` sorted and without duplicates, or all indices below `count` if it is empty.
std::vector<int> chosen(std::string_view what, std::vector<int> wanted, int count) {
  if (wanted.empty()) {
    wanted.resize(static_cast<std::size_t>(count));
    std::iota(wanted.begin(), wanted.end(), 0);
    return wanted;
  }
  std::ranges::sort(wanted);
  const auto repeated = std::ranges::unique(wanted);
  wanted.erase(repeated.begin(), repeated.end());
  for (const int one : {wanted.front(), wanted.back()}) {
    if (one >= 0 && one < count) continue;
    throw UsageError({.what = std::string(what),
                      .found = std::to_string(one),
                      .expected = "0 to " + std::to_string(count - 1)});
  }
  return wanted;
}

}  // namespace

HeadShift shift_of(const ShadowAttention& attention) {
  const auto& [p, q, z] = attention;
  HeadShift shift;
  double lost = 0;
  for (std::size_t position = 0; position < p.size(); ++position) {
    if (q[position] == 0) {
      lost += p[position];
      continue;
    }
    shift.attention_kl += kl_term(q[position], p[position]);
    shift.attention_tv += 0.5 * std::abs(double{q[position]} - p[position]);
  }
  shift.retained_mass = 1 - lost;
  shift.attention_kl = std::max(shift.attention_kl + kl_term(z, lost), 0.0);
  shift.attention_tv += 0.5 * std::abs(z - lost);
  shift.attention_cosine = dot(p, q) / std::sqrt(dot(p, p) * dot(q, q));
  shift.peak_shift = static_cast<double>(std::abs(peak(p) - peak(q)));
  shift.peak_moved = shift.peak_shift > 0 ? 1 : 0;
  return shift;
}

HeadWatch::HeadWatch(const ModelConfig& config, HeadSelection selection)
    : selection_{.layers = chosen("layer", std::move(selection.layers), config.layers),
                 .heads = chosen("head", std::move(selection.heads), config.heads),
                 .queries = chosen("query", std::move(selection.queries), config.positions),
                 .every = selection.every} {
  for (const int layer : selection_.layers) {
    for (const int head : selection_.heads) means_.push_back({.layer = layer, .head = head});
  }
}

bool HeadWatch::wants(int layer, int head, int position) const {
  return position % selection_.every == 0 && std::ranges::binary_search(selection_.layers, layer) &&
         std::ranges::binary_search(selection_.heads, head) &&
         std::ranges::binary_search(selection_.queries, position);
}

void HeadWatch::see(int layer, int head, const ShadowAttention& attention) {
  const HeadShift shift = shift_of(attention);
  const auto of_head = std::ranges::find_if(
      means_, [&](const HeadMeans& one) { return one.layer == layer && one.head == head; });
  for (std::size_t at = 0; at < kHeadFigures.size(); ++at) {
    of_head->figures[at].add(shift.*kHeadFigures[at].value);
  }
  if (of_head == means_.begin()) ++seen_;
}

void HeadWatch::merge(const HeadWatch& other) {
  for (std::size_t head = 0; head < means_.size(); ++head) {
    for (std::size_t at = 0; at < kHeadFigures.size(); ++at) {
      means_[head].figures[at].add(other.means_[head].figures[at]);
    }
  }
  seen_ += other.seen_;
}

}  // namespace sketchscope
