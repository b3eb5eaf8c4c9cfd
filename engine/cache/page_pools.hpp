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

 private:
  std::vector<std::shared_ptr<PagePool>> pools_;
};

}  // namespace sketchscope
