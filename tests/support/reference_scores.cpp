// The scores of the policies that look at keys and at single queries, in plain loops.
#include <algorithm>
#include <cmath>

#include "tests/support/reference_run.hpp"
#include "tests/support/vector_product.hpp"

namespace sketchscope::support {
namespace {

using Vector = std::vector<double>;

double cosine(const Vector& left, const Vector& right) {
  return dot(left, right) / std::sqrt(dot(left, left) * dot(right, right));
}

}  // namespace

ReferenceRun::Vector ReferenceRun::head_of(const Vector& all, int head) const {
  return {all.begin() + head * config_.head_width, all.begin() + (head + 1) * config_.head_width};
}

int ReferenceRun::observed_window() const {
  if (knobs_.policy.name() == "snapkv") return knobs_.observation_window;
  return knobs_.policy.name() == "r-kv" ? 8 : 0;
}

std::map<int, double> ReferenceRun::scores(int layer, const Table& table) const {
  if (knobs_.policy.name() == "snapkv") return snapkv_scores(table);
  if (knobs_.policy.name() == "key-diff") return key_diff_scores(table);
  if (knobs_.policy.name() == "r-kv") return r_kv_scores(table);
  if (knobs_.policy.name() == "expected-attention") return expected_scores(layer, table);
  std::map<int, double> scores;
  for (const auto& [position, entry] : table.stored) {
    scores[position] = score(layer, table, position);
  }
  return scores;
}

std::map<int, double> ReferenceRun::observed(const Table& table, int window) const {
  const int known = std::min<int>(window, static_cast<int>(table.rows.size()));
  std::map<int, double> mean;
  for (const auto& [position, entry] : table.stored) {
    for (auto row = table.rows.end() - known; row != table.rows.end(); ++row) {
      if (row->contains(position)) mean[position] += row->at(position) / known;
    }
  }
  return mean;
}

std::vector<int> ReferenceRun::older(const Table& table, int window) const {
  std::vector<int> older;
  for (const auto& [position, entry] : table.stored) {
    if (position < position_ - window) older.push_back(position);
  }
  return older;
}

std::map<int, double> ReferenceRun::snapkv_scores(const Table& table) const {
  const std::map<int, double> mean = observed(table, knobs_.observation_window);
  const std::vector<int> before = older(table, knobs_.observation_window);
  std::map<int, double> scores;
  for (const auto& [position, entry] : table.stored) scores[position] = 1e9;
  for (int i = 0; i < std::ssize(before); ++i) {
    double sum = 0;
    for (int j = i - knobs_.pool_kernel / 2; j <= i + knobs_.pool_kernel / 2; ++j) {
      if (j >= 0 && j < std::ssize(before)) sum += mean.at(before[j]);
    }
    scores[before[i]] = sum / knobs_.pool_kernel;
  }
  return scores;
}

std::map<int, double> ReferenceRun::key_diff_scores(const Table& table) const {
  std::map<int, double> scores;
  for (const int head : table.kv_heads) {
    Vector mean(config_.head_width);
    for (const auto& [position, entry] : table.stored) {
      const Vector key = head_of(entry.key, head);
      for (std::size_t d = 0; d < key.size(); ++d) mean[d] += key[d] / std::sqrt(dot(key, key));
    }
    for (const auto& [position, entry] : table.stored) {
      scores[position] -= cosine(head_of(entry.key, head), mean);
    }
  }
  return scores;
}

std::map<int, double> ReferenceRun::r_kv_scores(const Table& table) const {
  constexpr int kWindow = 8;
  const std::map<int, double> mean = observed(table, kWindow);
  const std::vector<int> before = older(table, kWindow);
  std::map<int, double> scores;
  for (const auto& [position, entry] : table.stored) scores[position] = 1e9;
  for (int i = 0; i < std::ssize(before); ++i) {
    double largest = 0;
    for (int j = std::max(i - 3, 0); j <= std::min<int>(i + 3, std::ssize(before) - 1); ++j) {
      largest = std::max(largest, mean.at(before[j]));
    }
    scores[before[i]] = 0.07 * largest;
  }
  const double group = static_cast<double>(table.heads.size()) / table.kv_heads.size();
  for (const int head : table.kv_heads) {
    std::map<int, double> likeness;
    for (const auto& [row, of_row] : table.stored) {
      int latest = -1;
      std::map<int, double> cosines;
      for (const auto& [column, of_column] : table.stored) {
        cosines[column] = cosine(head_of(of_row.key, head), head_of(of_column.key, head));
        if (column != row && cosines[column] > 0.5) latest = column;
      }
      for (const auto& [column, found] : cosines) {
        if (column != row && column != latest) likeness[column] += found / table.stored.size();
      }
    }
    double sum = 0;
    for (const auto& [position, entry] : table.stored) sum += std::exp(likeness[position]);
    for (const int position : before) {
      scores[position] -= 0.93 * group * std::exp(likeness[position]) / sum;
    }
  }
  return scores;
}

std::map<int, double> ReferenceRun::expected_scores(int layer, const Table& table) const {
  constexpr int kAhead = 512;
  const int width = config_.head_width;
  const bool ranked = knobs_.positions == settings::Positions::cache;
  const int first = ranked ? static_cast<int>(table.stored.size()) : position_;
  std::map<int, Vector> keys;
  for (const auto& [position, entry] : table.stored) {
    keys[position] = ranked ? rotate(entry.key, static_cast<int>(keys.size())) : entry.key;
  }
  // A mean of rotations is linear, so the queries are rotated one by one.
  std::vector<Vector> queries;
  for (const Vector& query : asked_[layer]) {
    Vector rotated(query.size());
    for (int ahead = 0; ahead < kAhead; ++ahead) {
      const Vector one = rotate(query, first + ahead);
      for (std::size_t d = 0; d < one.size(); ++d) rotated[d] += one[d] / kAhead;
    }
    queries.push_back(rotated);
  }
  std::map<int, double> scores;
  for (const int head : table.heads) {
    Vector mean(width);
    for (const Vector& query : queries) {
      for (int d = 0; d < width; ++d) mean[d] += query[head * width + d] / queries.size();
    }
    std::map<int, double> weights;
    double sum = 0;
    for (const auto& [position, key] : keys) {
      if (position < knobs_.sinks) continue;
      const Vector of_head = head_of(key, kv_of(head));
      double spread = 0;  // variance of the products of queries with the key
      for (const Vector& query : queries) {
        double product = 0;
        for (int d = 0; d < width; ++d) {
          product += (query[head * width + d] - mean[d]) * of_head[d];
        }
        spread += product * product / queries.size();
      }
      weights[position] =
          std::exp(scale(layer) * dot(mean, of_head) + scale(layer) * scale(layer) / 2 * spread);
      sum += weights[position];
    }
    for (const auto& [position, entry] : table.stored) {
      scores[position] += position < knobs_.sinks ? 1e9 : weights[position] / sum;
    }
  }
  for (auto& [position, score] : scores) score *= norm(table, table.stored.at(position).value);
  return scores;
}

}  // namespace sketchscope::support
