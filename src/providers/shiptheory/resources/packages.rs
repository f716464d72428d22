//! Package sizes: documentation, "Packages".

use crate::kit::collation;
use crate::message::Reply;
use crate::providers::shiptheory::resources::pages::{Paging, Query, Sorter};
use crate::providers::shiptheory::state::accounts::PackageSize;
use crate::providers::shiptheory::views::{PackageSizes, SizeRow};
use crate::providers::shiptheory::{Error, Shiptheory, views};
use crate::providers::{Call, Cx};

const SORTERS: &[Sorter<PackageSize>] = &[
    ("id", |one, two| one.id.cmp(&two.id)),
    ("name", |one, two| collation::key(&one.name).cmp(&collation::key(&two.name))),
    ("length", |one, two| one.length.cmp(&two.length)),
    ("width", |one, two| one.width.cmp(&two.width)),
    ("height", |one, two| one.height.cmp(&two.height)),
    ("active", |one, two| one.active.cmp(&two.active)),
];

/// `GET /v1/packages/sizes`: in pages; those that are disabled too.
pub fn sizes(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let account = cx.state.account(&call.caller)?;
    let query = Query::of(call.request);
    let paging = Paging::of(&query);
    let mut rows: Vec<&PackageSize> = account.package_sizes.values().collect();
    paging.sort(&mut rows, SORTERS);
    let (rows, pagination) = paging.cut(rows)?;
    let package_sizes = rows.into_iter().map(SizeRow::from).collect();
    let reply = views::reply(200, &PackageSizes { package_sizes, pagination });
    Ok(reply.passing_over(Paging::passed_over(&query, SORTERS)))
}
