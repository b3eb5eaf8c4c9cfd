#include "tests/kernels/reference/reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace sketchscope::kernels::reference {
namespace {

/// Replaces `scores` by their softmax; returns ln Σ e^score.
double normalise(std::span<double> scores) {
  if (scores.empty()) return -std::numeric_limits<double>::infinity();
  const double largest = *std::ranges::max_element(scores);
  double total = 0.0;
  for (const double score : scores) total += std::exp(score - largest);
  const double log_sum_exp = largest + std::log(total);
  for (double& score : scores) score = std::exp(score - log_sum_exp);
  return log_sum_exp;
}

double dot(const float* a, const float* b, std::size_t count) {
  double sum = 0.0;
  for (std::size_t d = 0; d < count; ++d) sum += static_cast<double>(a[d]) * b[d];
  return sum;
}

/// Writes Σ_s weight_s · value_s to output (D).
template <class ValueOf>
void weighted_sum(std::span<const double> weights, ValueOf value_of, std::span<float> output) {
  for (std::size_t d = 0; d < output.size(); ++d) {
    double sum = 0.0;
    for (std::size_t s = 0; s < weights.size(); ++s) sum += weights[s] * value_of(s)[d];
    output[d] = static_cast<float>(sum);
  }
}

std::vector<int> slots_read(const DecodeAttention& input) {
  if (!input.slots.empty()) return {input.slots.begin(), input.slots.end()};
  std::vector<int> slots(static_cast<std::size_t>(input.stored));
  std::iota(slots.begin(), slots.end(), 0);
  return slots;
}

/// Returns the keys or the values of one key/value head in `slots` (n), decoded, as (n, D).
std::vector<float> vectors_of(const DecodeAttention& input, std::span<const int> slots,
                              std::size_t head, const void* PageView::*half) {
  const auto width = static_cast<std::size_t>(input.head_width);
  const std::size_t bytes = kv_vector_bytes(input.format, input.head_width);
  const KvLayout one{
      .format = input.format, .width = input.head_width, .count = 1, .stride = bytes};
  std::vector<float> vectors(slots.size() * width);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto slot = static_cast<std::size_t>(slots[i]);
    const auto* page = static_cast<const std::byte*>(input.pages[slot / kSlotsPerPage].*half);
    const std::size_t place = head * kSlotsPerPage + slot % kSlotsPerPage;
    reference::decode_kv(one, {page + place * bytes, bytes},
                         std::span(vectors).subspan(i * width, width));
  }
  return vectors;
}

}  // namespace

void decode_attention(const DecodeAttention& input, const AttentionResult& result) {
  const std::vector<int> slots = slots_read(input);
  const auto stored = static_cast<std::size_t>(input.stored);
  const auto width = static_cast<std::size_t>(input.head_width);
  for (std::size_t head = 0; head < static_cast<std::size_t>(input.heads); ++head) {
    const std::size_t kv_head = head / static_cast<std::size_t>(input.heads / input.kv_heads);
    const std::vector<float> keys = vectors_of(input, slots, kv_head, &PageView::keys);
    const std::vector<float> values = vectors_of(input, slots, kv_head, &PageView::values);
    const float* query = input.query.data() + head * width;
    std::vector<double> scores(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
      scores[i] = dot(query, keys.data() + i * width, width) * input.scale;
    }
    const double log_sum_exp = normalise(scores);
    weighted_sum(
        scores, [&](std::size_t i) { return values.data() + i * width; },
        result.output.subspan(head * width, width));
    if (!result.mass.empty()) {
      const std::span<float> mass = result.mass.subspan(head * stored, stored);
      std::ranges::fill(mass, 0.0F);
      for (std::size_t i = 0; i < slots.size(); ++i) {
        mass[static_cast<std::size_t>(slots[i])] = static_cast<float>(scores[i]);
      }
    }
    if (!result.log_sum_exp.empty()) result.log_sum_exp[head] = static_cast<float>(log_sum_exp);
  }
}

void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass) {
  const auto tokens = static_cast<std::size_t>(input.tokens);
  const auto first = static_cast<std::size_t>(input.first);
  const auto heads = static_cast<std::size_t>(input.heads);
  const auto width = static_cast<std::size_t>(input.head_width);
  const auto kv_head = static_cast<std::size_t>(head / (input.heads / input.kv_heads));
  const auto query = [&](std::size_t token) {
    return input.query.row(token - first).data() + static_cast<std::size_t>(head) * width;
  };
  const auto of_token = [&](const StridedRows& vectors, std::size_t token) {
    return vectors.row(token).data() + kv_head * width;
  };
  std::vector<double> total(tokens, 0.0);
  for (std::size_t i = first; i < tokens; ++i) {
    std::vector<double> scores(i + 1);
    for (std::size_t j = 0; j <= i; ++j) {
      scores[j] = dot(query(i), of_token(input.key, j), width) * input.scale;
    }
    normalise(scores);
    weighted_sum(
        scores, [&](std::size_t j) { return of_token(input.value, j); },
        output.subspan(((i - first) * heads + static_cast<std::size_t>(head)) * width, width));
    for (std::size_t j = 0; j <= i; ++j) total[j] += scores[j];
  }
  for (std::size_t j = 0; j < mass.size(); ++j) mass[j] += static_cast<float>(total[j]);
}

}  // namespace sketchscope::kernels::reference
