#include "tests/support/reference_read.hpp"

#include <algorithm>
#include <cmath>

#include "engine/sketch/items.hpp"
#include "tests/support/vector_product.hpp"

namespace sketchscope::support {
namespace {

using Vector = ReferenceRead::Vector;

void add(Vector& to, const Vector& what, double times) {
  for (std::size_t d = 0; d < to.size(); ++d) to[d] += times * what[d];
}

double as_half(double x) {
  int exponent = 0;
  std::frexp(x, &exponent);
  const double spacing = std::ldexp(1.0, std::max(exponent, -13) - 11);
  return std::nearbyint(x / spacing) * spacing;
}

// Divisions in float, as the format's description has them.
double as_int8(double x, double largest) {
  const float scale = static_cast<float>(largest) / 127.0F;
  return scale == 0 ? 0 : scale * std::nearbyint(static_cast<float>(x) / scale);
}

double as_int4(double x, double least, double most) {
  const auto lowest = static_cast<float>(as_half(least));
  const auto step = static_cast<float>(as_half((static_cast<float>(most) - lowest) / 15.0F));
  if (step == 0) return lowest;
  const float code = std::nearbyint((static_cast<float>(x) - lowest) / step);
  return lowest + step * std::clamp(code, 0.0F, 15.0F);
}

Vector doubles(std::span<const float> values) {
  return {values.begin(), values.end()};
}

std::vector<float> floats(const Vector& values) {
  return {values.begin(), values.end()};
}

}  // namespace

Vector ReferenceRead::part(const Vector& all, int head) const {
  return {all.begin() + head * width_, all.begin() + (head + 1) * width_};
}

Vector ReferenceRead::read_by(int head, const Vector& stored) const {
  return part(stored, head / (heads_ / kv_heads_));
}

Vector ReferenceRead::stored_as(kernels::KvFormat format, const Vector& vector) const {
  Vector result = vector;
  if (format == kernels::KvFormat::f32) return result;
  for (int head = 0; head < kv_heads_; ++head) {
    for (int first = 0; first < width_; first += 32) {
      const auto group = result.begin() + head * width_ + first;
      const auto end = group + std::min(32, width_ - first);
      const auto [least, most] = std::minmax_element(group, end);
      const double low = *least;
      const double high = *most;
      const Vector row = part(vector, head);
      double largest = 0;
      for (const double x : row) largest = std::max(largest, std::abs(x));
      for (auto x = group; x != end; ++x) {
        if (format == kernels::KvFormat::f16) *x = as_half(*x);
        if (format == kernels::KvFormat::int8) *x = as_int8(*x, largest);
        if (format == kernels::KvFormat::int4) *x = as_int4(*x, low, high);
      }
    }
  }
  return result;
}

void ReferenceRead::store(int position, std::span<const float> key, std::span<const float> value) {
  originals_[position] = {.key = doubles(key), .value = doubles(value)};
  stored_[position] = {.key = stored_as(knobs_.kv, doubles(key)),
                       .value = stored_as(knobs_.kv, doubles(value))};
}

void ReferenceRead::evict(int position, double score) {
  gone_.push_back(stored_.at(position));
  gone_.back().score = score;
  stored_.erase(position);
}

void ReferenceRead::encode_as(kernels::KvFormat format) {
  knobs_.kv = format;
  for (auto& [position, pair] : stored_) {
    pair = {.key = stored_as(format, pair.key), .value = stored_as(format, pair.value)};
  }
}

std::set<int> ReferenceRead::stored() const {
  std::set<int> positions;
  for (const auto& [position, pair] : stored_) positions.insert(position);
  return positions;
}

std::set<int> ReferenceRead::chosen(const std::map<int, double>& scores) const {
  std::set<int> all = stored();
  if (knobs_.read.name() != "topk" || knobs_.read_k >= static_cast<int>(all.size())) return all;
  std::vector<int> order(all.begin(), all.end());
  std::ranges::stable_sort(order, [&](int a, int b) {
    return scores.at(a) != scores.at(b) ? scores.at(a) > scores.at(b) : a > b;
  });
  std::set<int> read(order.begin(), order.begin() + knobs_.read_k);
  for (const int position : all) {
    const auto newer = std::distance(all.upper_bound(position), all.end());
    if (position < knobs_.sinks || newer < std::max(knobs_.recent_window, 1)) read.insert(position);
  }
  return read;
}

ReferenceRead::Tail ReferenceRead::tail(int head, const Vector& query, double stored_sum,
                                        double historic_share) const {
  if (knobs_.read.name() != "aggregate" || gone_.empty()) return {.mean = Vector(query.size())};
  if (knobs_.aggregate.name() == "clusters") return clusters(head, query);
  if (knobs_.aggregate.name() == "race") return race(head, query);
  const double n = static_cast<double>(gone_.size());
  Vector key(query.size());
  Vector value(query.size());
  Vector weighted(query.size());
  double weight = 0;
  for (const Pair& pair : gone_) {
    add(key, read_by(head, pair.key), 1 / n);
    add(value, read_by(head, pair.value), 1 / n);
    add(weighted, read_by(head, pair.value), std::max(pair.score, 1e-12));
    weight += std::max(pair.score, 1e-12);
  }
  if (knobs_.aggregate.name() == "mass") {
    const double share = std::clamp(historic_share, 0.0, 0.999);
    for (double& x : weighted) x /= weight;
    return {.z = share / (1 - share) * stored_sum, .mean = weighted};
  }
  double variance = 0;
  for (const Pair& pair : gone_) {
    Vector deviation = read_by(head, pair.key);
    add(deviation, key, -1);
    variance += std::pow(dot(query, deviation), 2) / n;
  }
  const double exponent = scale_ * dot(query, key);
  const double spread =
      knobs_.aggregate.name() == "gaussian" ? 0.5 * scale_ * scale_ * variance : 0.0;
  return {.z = n * std::exp(exponent + spread), .mean = value};
}

ReferenceRead::Tail ReferenceRead::clusters(int head, const Vector& query) const {
  struct Cluster {
    double size = 0;
    Vector key_sum, value_sum;
  };
  std::vector<Cluster> clusters;
  const auto distance = [&](const Cluster& cluster, const Vector& key) {
    double sum = 0;
    for (std::size_t d = 0; d < key.size(); ++d) {
      sum += std::pow(cluster.key_sum[d] / cluster.size - key[d], 2);
    }
    return sum;
  };
  for (const Pair& pair : gone_) {
    const Vector key = read_by(head, pair.key);
    if (static_cast<int>(clusters.size()) < knobs_.clusters) {
      clusters.push_back({0, Vector(key.size()), Vector(key.size())});
      clusters.back() = {1, key, read_by(head, pair.value)};
      continue;
    }
    Cluster& nearest = *std::ranges::min_element(
        clusters, {}, [&](const Cluster& cluster) { return distance(cluster, key); });
    nearest.size += 1;
    add(nearest.key_sum, key, 1);
    add(nearest.value_sum, read_by(head, pair.value), 1);
  }
  Tail tail{.mean = Vector(query.size())};
  for (const Cluster& cluster : clusters) {
    const double z = cluster.size * std::exp(scale_ * dot(query, cluster.key_sum) / cluster.size);
    tail.z += z;
    add(tail.mean, cluster.value_sum, z / cluster.size);
  }
  for (double& x : tail.mean) x /= tail.z;
  return tail;
}

ReferenceRead::Tail ReferenceRead::race(int head, const Vector& query) const {
  int bits = 1;
  while (1 << bits < knobs_.clusters) ++bits;
  const sketch::KeyCoder coder(width_, 4 * bits, knobs_.sketch_seed);
  const auto row_code = [&](std::uint32_t code, int row) {
    return code >> (row * bits) & ((1U << bits) - 1);
  };
  const std::uint32_t wanted = coder.code(floats(query));
  Vector mean_key(query.size());
  Vector values(query.size());
  double met = 0;
  for (std::size_t i = 0; i < gone_.size(); ++i) {
    Vector centred = read_by(head, gone_[i].key);
    add(centred, mean_key, -1);
    const std::uint32_t code = coder.code(floats(centred));
    for (int row = 0; row < 4; ++row) {
      if (row_code(code, row) != row_code(wanted, row)) continue;
      met += 1;
      add(values, read_by(head, gone_[i].value), 1);
    }
    add(mean_key, centred, 1.0 / static_cast<double>(i + 1));
  }
  if (met == 0) return {.mean = Vector(query.size())};
  for (double& x : values) x /= met;
  return {.z = std::exp(scale_ * dot(query, mean_key)) * std::pow(2, bits) * met / 4,
          .mean = values};
}

ReferenceRead::Answer ReferenceRead::answer(std::span<const float> query, const std::set<int>& read,
                                            double historic_share) const {
  Answer answer;
  answer.output.resize(query.size());
  double error = 0;
  double norm = 0;
  for (int head = 0; head < heads_; ++head) {
    const Vector q = part(doubles(query), head);
    const auto weight = [&](const Pair& pair) {
      return std::exp(scale_ * dot(q, read_by(head, pair.key)));
    };
    double full_sum = 0;
    for (const auto& [position, pair] : originals_) full_sum += weight(pair);
    Vector full(q.size());
    for (const auto& [position, pair] : originals_) {
      add(full, read_by(head, pair.value), weight(pair) / full_sum);
    }
    double sum = 0;
    for (const int position : read) sum += weight(stored_.at(position));
    const Tail tail = this->tail(head, q, sum, historic_share);
    Vector own(q.size());
    add(own, tail.mean, tail.z / (sum + tail.z));
    double retained = 0;
    double kl = 0;
    double tv = 0;
    for (const int position : read) {
      const Pair& pair = stored_.at(position);
      const double share = weight(pair) / (sum + tail.z);
      const double exact = weight(originals_.at(position)) / full_sum;
      answer.mass[position].push_back(share);
      add(own, read_by(head, pair.value), share);
      retained += exact;
      kl += share * std::log(share / exact);
      tv += std::abs(share - exact) / 2;
    }
    const double z = tail.z / (sum + tail.z);
    const double lost = std::max(1 - retained, 0.0);
    answer.retained_mass += retained / heads_;
    answer.attention_kl += (kl + (z > 0 ? z * std::log(z / lost) : 0)) / heads_;
    answer.attention_tv += (tv + std::abs(z - lost) / 2) / heads_;
    for (std::size_t d = 0; d < own.size(); ++d) {
      answer.output[static_cast<std::size_t>(head * width_) + d] = own[d];
      error += std::pow(own[d] - full[d], 2);
      norm += full[d] * full[d];
    }
  }
  answer.output_error = std::sqrt(error / norm);
  return answer;
}

}  // namespace sketchscope::support
