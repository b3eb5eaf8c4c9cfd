#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope::support {

/// A second implementation of one table's reads: lists of positions instead of slots and pages,
/// double precision, summaries recomputed from all evicted positions, divergence by definition. The
/// caller decides which position is evicted.
class ReferenceRead {
 public:
  using Vector = std::vector<double>;

  /// Query heads of one table, and how many key/value heads they read: head h reads h / (H / K).
  struct Heads {
    int query = 1;  // H
    int kv = 1;     // K
  };
  ReferenceRead(const settings::Knobs& knobs, Heads heads, int width, double scale)
      : knobs_(knobs), heads_(heads.query), kv_heads_(heads.kv), width_(width), scale_(scale) {}

  /// Stores key and value (K, D) of a position.
  void store(int position, std::span<const float> key, std::span<const float> value);
  void evict(int position, double score);
  /// Changes the stored format and encodes everything stored again.
  void encode_as(kernels::KvFormat format);

  [[nodiscard]] std::set<int> stored() const;
  /// Returns the positions that the read selects by the policy's scores of all stored ones.
  [[nodiscard]] std::set<int> chosen(const std::map<int, double>& scores) const;

  struct Answer {
    Vector output;                            // (H, D)
    std::map<int, std::vector<double>> mass;  // by position, (H)
    double retained_mass = 0;
    double attention_kl = 0;
    double attention_tv = 0;
    double output_error = 0;
  };
  /// Answers `query` (H, D). `historic_share` is the share of all mass so far on evicted positions.
  [[nodiscard]] Answer answer(std::span<const float> query, const std::set<int>& read,
                              double historic_share) const;

 private:
  struct Pair {
    Vector key;    // (K, D)
    Vector value;  // (K, D)
    double score = 0;
  };
  struct Tail {
    double z = 0;  // Z, not its share
    Vector mean;   // (D)
  };
  [[nodiscard]] Vector stored_as(kernels::KvFormat format, const Vector& vector) const;
  [[nodiscard]] Vector part(const Vector& all, int head) const;
  // Of a key or value, what a query head reads.
  [[nodiscard]] Vector read_by(int head, const Vector& stored) const;
  [[nodiscard]] Tail tail(int head, const Vector& query, double stored_sum,
                          double historic_share) const;
  [[nodiscard]] Tail clusters(int head, const Vector& query) const;
  [[nodiscard]] Tail race(int head, const Vector& query) const;

  settings::Knobs knobs_;
  int heads_;
  int kv_heads_;
  int width_;
  double scale_;
  std::map<int, Pair> originals_;
  std::map<int, Pair> stored_;
  std::vector<Pair> gone_;  // as they were stored, in the order in which they left
};

}  // namespace sketchscope::support
