#include "engine/measure/ridge.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace sketchscope::measure {
namespace {

/// Takes its mean off every column of (N, columns); a number that is not finite becomes that mean.
void centre(std::vector<double>& rows, std::size_t columns) {
  for (std::size_t column = 0; column < columns; ++column) {
    double sum = 0, count = 0;
    for (std::size_t at = column; at < rows.size(); at += columns) {
      if (!std::isfinite(rows[at])) continue;
      sum += rows[at];
      ++count;
    }
    const double mean = count > 0 ? sum / count : 0;
    for (std::size_t at = column; at < rows.size(); at += columns) {
      rows[at] = std::isfinite(rows[at]) ? rows[at] - mean : 0;
    }
  }
}

/// Solves A x = b for a symmetric positive definite A (n, n) by its Cholesky factors.
std::vector<double> solve(std::vector<double> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = a[row * n + column];
      for (std::size_t k = 0; k < column; ++k) sum -= a[row * n + k] * a[column * n + k];
      a[row * n + column] = row == column ? std::sqrt(sum) : sum / a[column * n + column];
    }
    for (std::size_t k = 0; k < row; ++k) b[row] -= a[row * n + k] * b[k];
    b[row] /= a[row * n + row];
  }
  for (std::size_t row = n; row-- > 0;) {
    for (std::size_t k = row + 1; k < n; ++k) b[row] -= a[k * n + row] * b[k];
    b[row] /= a[row * n + row];
  }
  return b;
}

}  // namespace

RidgeSums::RidgeSums(std::size_t terms) : terms_(terms), products_(terms * terms), aims_(terms) {}

void RidgeSums::add_group(std::span<const double> terms, std::span<const double> target) {
  if (target.size() < 2) return;
  std::vector<double> x(terms.begin(), terms.end()), y(target.begin(), target.end());
  centre(x, terms_);
  centre(y, 1);
  const double weight = 1.0 / static_cast<double>(y.size());
  for (std::size_t sample = 0; sample < y.size(); ++sample) {
    const auto row = std::span(x).subspan(sample * terms_, terms_);
    for (std::size_t one = 0; one < terms_; ++one) {
      for (std::size_t other = 0; other < terms_; ++other) {
        products_[one * terms_ + other] += weight * row[one] * row[other];
      }
      aims_[one] += weight * row[one] * y[sample];
    }
    squares_ += weight * y[sample] * y[sample];
  }
  ++groups_;
  samples_ += y.size();
}

RidgeSums& RidgeSums::operator+=(const RidgeSums& other) {
  std::ranges::transform(products_, other.products_, products_.begin(), std::plus<>());
  std::ranges::transform(aims_, other.aims_, aims_.begin(), std::plus<>());
  squares_ += other.squares_;
  groups_ += other.groups_;
  samples_ += other.samples_;
  return *this;
}

std::vector<double> RidgeSums::weights(double penalty) const {
  if (groups_ == 0) return std::vector<double>(terms_);
  std::vector<double> a = products_, b = aims_;
  for (double& value : a) value /= groups_;
  for (double& value : b) value /= groups_;
  for (std::size_t term = 0; term < terms_; ++term) a[term * terms_ + term] += penalty;
  return solve(std::move(a), std::move(b));
}

double RidgeSums::error(std::span<const double> weights) const {
  double error = squares_;
  for (std::size_t one = 0; one < terms_; ++one) {
    error -= 2 * weights[one] * aims_[one];
    for (std::size_t other = 0; other < terms_; ++other) {
      error += weights[one] * weights[other] * products_[one * terms_ + other];
    }
  }
  return error;
}

}  // namespace sketchscope::measure
