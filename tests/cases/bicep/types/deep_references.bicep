type box = { inner: { list: string[], pair: [int, bool] }, *: int }
param a box.inner
param b box.inner.list
param c box.inner.list[*]
param d box.inner.pair[0]
param e box.*
