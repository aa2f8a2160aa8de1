import { CataloguePage } from './CataloguePage';

/** The items of the catalogue. */
export default function ItemsPage() {
  return <CataloguePage key="items" kind="items" />;
}
