#include "mlprov/store/metrics.h"

#include <map>

#include "mlprov/support/error.h"

namespace mlprov {

Json metrics_to_json(const std::vector<Metric>& metrics) {
  std::map<std::string, double> by_name;
  for (const Metric& metric : metrics) by_name[metric.name] = metric.value;
  Json list = Json::array();
  for (const auto& [name, value] : by_name) {
    list.push_back({{"name", name}, {"value", to_bits(value)}});
  }
  return list;
}

std::vector<Metric> metrics_from_json(const Json& value) {
  const auto refuse = [] {
    return Error(ErrorCode::kMalformed,
                 "metrics are a list of {\"name\",\"value\"} in order of their names");
  };
  if (!value.is_array()) throw refuse();
  std::vector<Metric> metrics;
  for (const Json& item : value) {
    if (!item.is_object() || item.size() != 2 || !item.contains("name") ||
        !item.contains("value") || !item["name"].is_string()) {
      throw refuse();
    }
    Metric metric{item["name"].get<std::string>(), from_bits(item["value"])};
    if (!metrics.empty() && metrics.back().name >= metric.name) throw refuse();
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

}  // namespace mlprov
