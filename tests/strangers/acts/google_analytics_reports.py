"""Reports, batches, metadata and compatibility by Google's own client."""

from typing import Any

from google.analytics.data_v1beta import types as ga

OCTOBER = ga.DateRange(start_date="2026-10-01", end_date="2026-10-31")


def wish(property: str, by: str = "", of: str = "sessions", **more: Any) -> ga.RunReportRequest:
    """A request of the client's own kind; names are separated by blanks."""
    return ga.RunReportRequest(
        property=f"properties/{property}",
        dimensions=[ga.Dimension(name=name) for name in by.split()],
        metrics=[ga.Metric(name=name) for name in of.split()],
        date_ranges=more.pop("date_ranges", [OCTOBER]),
        **more,
    )


def rows(report: ga.RunReportResponse) -> list[list[str]]:
    """Rows as texts, dimensions first."""
    return [[v.value for v in (*r.dimension_values, *r.metric_values)] for r in report.rows]


def text(field: str, kind: str, value: str) -> ga.FilterExpression:
    """A filter by a text."""
    match = ga.Filter.StringFilter.MatchType[kind]
    told = ga.Filter.StringFilter(match_type=match, value=value)
    return ga.FilterExpression(filter=ga.Filter(field_name=field, string_filter=told))


def days(crew: Any, who: str, property: str) -> None:
    """A month by day: headers, types, order, and a total that the days add up to."""
    order = ga.OrderBy(dimension=ga.OrderBy.DimensionOrderBy(dimension_name="date"))
    total = ga.MetricAggregation.TOTAL
    told = crew[who].data.run_report(
        wish(
            *(property, "date", "sessions keyEvents totalRevenue averageSessionDuration"),
            order_bys=[order],
            metric_aggregations=[total],
        )
    )
    crew.same("kind", "analyticsData#runReport", told.kind)
    crew.same("dimensions", ["date"], [h.name for h in told.dimension_headers])
    types = [h.type_.name for h in told.metric_headers]
    expected = ["TYPE_INTEGER", "TYPE_FLOAT", "TYPE_CURRENCY", "TYPE_SECONDS"]
    crew.same("types of metrics", expected, types)
    found = rows(told)
    crew.same("every day, in order", [f"202610{n:02}" for n in range(1, 32)], [r[0] for r in found])
    crew.same("how many", 31, told.row_count)
    [whole] = [[v.value for v in r.metric_values] for r in told.totals]
    crew.same("sessions add up", int(whole[0]), sum(int(row[1]) for row in found))
    crew.same("key events add up", float(whole[1]), sum(float(row[2]) for row in found))
    crew.same("money", "EUR", told.metadata.currency_code)
    crew.same("days of", "Europe/London", told.metadata.time_zone)
    crew.same("nothing is missing", False, told.metadata.data_loss_from_other_row)


def pages(crew: Any, who: str, property: str, limit: int) -> None:
    """Page by page, with 64-bit numbers, all rows once."""
    by, found, start = "sessionSourceMedium landingPage", [], 0
    order = [
        ga.OrderBy(dimension=ga.OrderBy.DimensionOrderBy(dimension_name=name))
        for name in by.split()
    ]
    while True:
        page = crew[who].data.run_report(
            wish(property, by, order_bys=order, limit=limit, offset=start)
        )
        found += rows(page)
        start += limit
        if start >= page.row_count:
            break
    whole = rows(crew[who].data.run_report(wish(property, by, order_bys=order)))
    crew.so("more than one page", len(whole) > limit)
    crew.same("all of them once", whole, found)


def filters(crew: Any, who: str, property: str) -> None:
    """A tree of filters, a filter of rows, empty rows, and a descending order."""
    shop = text("landingPage", "BEGINS_WITH", "/shop")
    ours = text("sessionCampaignName", "FULL_REGEXP", "relaunch-.*")
    both = ga.FilterExpression(and_group=ga.FilterExpressionList(expressions=[shop, ours]))
    rest = ga.FilterExpression(not_expression=both)
    parts = [crew[who].data.run_report(wish(property, dimension_filter=f)) for f in (both, rest)]
    [[whole]] = rows(crew[who].data.run_report(wish(property)))
    crew.same("a part and the rest", int(whole), sum(int(rows(part)[0][0]) for part in parts))
    values = ga.Filter.InListFilter(values=["(direct)", "brand-search"])
    listed = ga.FilterExpression(
        filter=ga.Filter(field_name="sessionCampaignName", in_list_filter=values)
    )
    told = crew[who].data.run_report(wish(property, "sessionCampaignName", dimension_filter=listed))
    crew.same("a list", {"(direct)", "brand-search"}, {row[0] for row in rows(told)})
    operation = ga.Filter.NumericFilter.Operation.GREATER_THAN
    number = ga.Filter.NumericFilter(operation=operation, value=ga.NumericValue(int64_value=1300))
    busy = ga.FilterExpression(filter=ga.Filter(field_name="sessions", numeric_filter=number))
    down = ga.OrderBy(desc=True, metric=ga.OrderBy.MetricOrderBy(metric_name="sessions"))
    told = crew[who].data.run_report(wish(property, "date", metric_filter=busy, order_bys=[down]))
    counts = [int(row[1]) for row in rows(told)]
    crew.so("busy days only", 0 < len(counts) < 31 and min(counts) > 1300)
    crew.same("the busiest first", sorted(counts, reverse=True), counts)


def ranges(crew: Any, who: str, property: str) -> None:
    """Two ranges in one report, told apart by a column; and days that are not there yet."""
    two = [
        ga.DateRange(start_date="2026-09-01", end_date="2026-09-30", name="before"),
        ga.DateRange(start_date="2026-10-01", end_date="2026-10-31"),
    ]
    told = crew[who].data.run_report(wish(property, of="activeUsers sessions", date_ranges=two))
    crew.same("a column more", ["dateRange"], [h.name for h in told.dimension_headers])
    seen = {row[0]: [int(value) for value in row[1:]] for row in rows(told)}
    crew.same("by name and number", {"before", "date_range_1"}, set(seen))
    crew.so("fewer people than visits", all(users < visits for users, visits in seen.values()))
    days = rows(crew[who].data.run_report(wish(property, "date", "activeUsers")))
    crew.so("people do not add up", sum(int(row[1]) for row in days) > seen["date_range_1"][0])
    later = [ga.DateRange(start_date="2040-01-01", end_date="2040-01-31")]
    none = crew[who].data.run_report(wish(property, "date", date_ranges=later))
    crew.same("nothing of days to come", (0, []), (none.row_count, rows(none)))


def batch(crew: Any, who: str, property: str) -> None:
    """Five reports in one call, each charged, all of the call's property."""
    asked = [wish(property, "date", of, return_property_quota=True) for of in
             ("sessions", "keyEvents", "totalRevenue", "activeUsers", "engagementRate")]  # fmt: skip
    told = crew[who].data.batch_run_reports(
        ga.BatchRunReportsRequest(property=f"properties/{property}", requests=asked)
    )
    crew.same("kind", "analyticsData#batchRunReports", told.kind)
    names = [[h.name for h in report.metric_headers] for report in told.reports]
    crew.same("in order", [[m.name for m in one.metrics] for one in asked], names)
    left = [report.property_quota.tokens_per_day.remaining for report in told.reports]
    paid = [report.property_quota.tokens_per_day.consumed for report in told.reports]
    crew.same("each pays", [left[0] - sum(paid[1 : n + 1]) for n in range(5)], left)
    quota = told.reports[0].property_quota
    crew.so("an hour has fewer", quota.tokens_per_hour.remaining < left[0])
    crew.same("places", 10, quota.concurrent_requests.remaining)


def names(crew: Any, who: str, property: str) -> None:
    """Metadata of the property and of all, and what goes together."""
    told = crew[who].data.get_metadata(name=f"properties/{property}/metadata")
    crew.same("its name", f"properties/{property}/metadata", told.name)
    metrics = {one.api_name: one for one in told.metrics}
    crew.same("a type", "TYPE_CURRENCY", metrics["totalRevenue"].type_.name)
    crew.same("an older name", ["conversions"], list(metrics["keyEvents"].deprecated_api_names))
    crew.so("events of its own", "keyEvents:purchase" in metrics)
    every = crew[who].data.get_metadata(name="properties/0/metadata")
    crew.so("not of all", "keyEvents:purchase" not in {one.api_name for one in every.metrics})
    word = ga.Compatibility.INCOMPATIBLE
    told = crew[who].data.check_compatibility(
        ga.CheckCompatibilityRequest(
            property=f"properties/{property}",
            metrics=[ga.Metric(name="sessions")],
            compatibility_filter=word,
        )
    )
    found = {one.dimension_metadata.api_name for one in told.dimension_compatibilities}
    crew.so("attribution does not go with sessions", "campaignName" in found)
    crew.same("only those", {word}, {one.compatibility for one in told.dimension_compatibilities})


def restricted(crew: Any, who: str, property: str) -> None:
    """A role without revenue reads 0, and is told so."""
    told = crew[who].data.run_report(wish(property, of="sessions totalRevenue"))
    [[sessions, revenue]] = rows(told)
    crew.so("sessions are there", int(sessions) > 0)
    crew.same("revenue is not", "0", revenue)
    [limit] = told.metadata.schema_restriction_response.active_metric_restrictions
    kinds = [kind.name for kind in limit.restricted_metric_types]
    crew.same("which, and why", ("totalRevenue", ["REVENUE_DATA"]), (limit.metric_name, kinds))
    metrics = crew[who].data.get_metadata(name=f"properties/{property}/metadata").metrics
    [about] = [one for one in metrics if one.api_name == "totalRevenue"]
    crew.same("blocked", ["NO_REVENUE_METRICS"], [one.name for one in about.blocked_reasons])


def flagged(crew: Any, who: str, property: str) -> None:
    """Half of the events were read, few rows are kept; what is newer than the client is no harm."""
    told = crew[who].data.run_report(wish(property, "landingPage"))
    [sample] = told.metadata.sampling_metadatas
    whole, read = sample.sampling_space_size, sample.samples_read_count
    crew.so("half of them", abs(2 * read - whole) <= 2)
    crew.same("small groups", True, told.metadata.subject_to_thresholding)
    crew.same("the rest is folded", True, told.metadata.data_loss_from_other_row)
    crew.same("into one row", (4, 1), (told.row_count, [r[0] for r in rows(told)].count("(other)")))
