#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/cache/page_pool.hpp"

namespace sketchscope {

/// The page pools of one session: one for each shape that its lanes store.
class PagePools {
 public:
  /// The pool of a shape, made when first asked for. Throws Error on a shape that cannot be.
  [[nodiscard]] std::shared_ptr<PagePool> of(const PageShape& shape);

  [[nodiscard]] std::size_t bytes_reserved() const;  ///< slabs of all, used or not
  [[nodiscard]] std::size_t pages_in_use() const;
  [[nodiscard]] std::size_t bytes_in_use() const;
  /// Sums of each pool's own peak: the peak itself where lanes store one shape.
  [[nodiscard]] std::size_t pages_in_use_peak() const;
  [[nodiscard]] std::size_t bytes_in_use_peak() const;

 private:
  template <typename Part>
  [[nodiscard]] std::size_t sum(const Part& part) const;

  std::vector<std::shared_ptr<PagePool>> pools_;
};

}  // namespace sketchscope
