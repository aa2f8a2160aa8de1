import { CataloguePage } from './CataloguePage';

/** The services of the catalogue. */
export default function ServicesPage() {
  return <CataloguePage key="services" kind="services" />;
}
